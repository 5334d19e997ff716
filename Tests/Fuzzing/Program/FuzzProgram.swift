import Glibc

/// libFuzzer's own main as a function, which an executable of Swift can call from its own.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ check: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Fuzzes the target that `RESERVATION_FUZZ_TARGET` names; the arguments are libFuzzer's. Without a target it lists them.
///
/// An environment variable, because libFuzzer starts itself again with its own arguments when it merges a corpus.
@main
enum FuzzProgram {
    private static let target = getenv("RESERVATION_FUZZ_TARGET").flatMap { FuzzTargets.named(String(cString: $0)) }

    static func main() {
        guard target != nil else {
            for name in FuzzTargets.names { print(name) }
            return
        }
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(runFuzzer(&count, &arguments) { FuzzProgram.check($0, $1) })
    }

    private static func check(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
        do {
            try target?.check(Array(UnsafeBufferPointer(start: bytes, count: count)))
        } catch {
            print("FINDING: \(error)")
            fflush(nil)
            // libFuzzer writes the input down and ends.
            abort()
        }
        return 0
    }
}
