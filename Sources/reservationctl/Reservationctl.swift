import Glibc
import ReservationControl

@main
struct Reservationctl {
    static func main() async {
        // Writing to a reader that has gone is to be an error, not the end of the process in the middle of a message.
        signal(SIGPIPE, SIG_IGN)
        let ending = await ControlProgram.run(
            arguments: Array(CommandLine.arguments.dropFirst()), environment: .process, output: StandardOutput())
        exit(ControlProgram.print(ending))
    }
}
