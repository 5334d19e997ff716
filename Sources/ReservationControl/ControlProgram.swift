import ArgumentParser
import Glibc
import NIOCore
import ReservationClient

/// The program from its arguments to what it prints and its exit code.
package enum ControlProgram {
    /// What is left to do for `main`.
    package struct Ending: Sendable {
        /// For standard output.
        package var output = ByteBuffer()
        /// One line for standard error, without its end, when something failed.
        package var complaint: String?
        package var exitCode: Int32
    }

    static let defaultSocket = "/run/reservation/admin.sock"
    static let defaultTimeoutSeconds: UInt64 = 5

    /// - Parameter arguments: without the program's name.
    /// - Returns: with all that is to be printed.
    package static func run(arguments: [String], environment: ControlEnvironment) async -> Ending {
        let output = GatheredOutput()
        var ending = await run(arguments: arguments, environment: environment, output: output)
        var all = output.bytes
        all.writeImmutableBuffer(ending.output)
        ending.output = all
        return ending
    }

    /// - Parameters:
    ///   - arguments: without the program's name.
    ///   - output: gets lists while they are read.
    /// - Returns: with what is left to print.
    package static func run(
        arguments: [String], environment: ControlEnvironment, output: StandardOutput
    ) async -> Ending {
        await run(arguments: arguments, environment: environment, output: output as any ControlOutput)
    }

    private static func run(arguments: [String], environment: ControlEnvironment, output: any ControlOutput) async -> Ending {
        let command: any ParsableCommand
        do {
            command = try ReservationCommand.parseAsRoot(arguments)
        } catch {
            return ending(ofParsing: error)
        }
        if !(command is any ControlCommand), !(command is any NounCommand) {
            // Only the library's own `help` is neither; it ends by throwing its text.
            do {
                var help = command
                try help.run()
            } catch {
                return ending(ofParsing: error)
            }
        }
        do throws(ControlFailure) {
            let report = try await perform(command, environment, output)
            return Ending(output: report.bytes, exitCode: 0)
        } catch {
            return Ending(
                output: error.report?.bytes ?? ByteBuffer(), complaint: error.message.isEmpty ? nil : complaint(error.message),
                exitCode: error.kind.rawValue)
        }
    }

    private static func perform(
        _ command: any ParsableCommand, _ environment: ControlEnvironment, _ output: any ControlOutput
    ) async throws(ControlFailure) -> Report {
        if let noun = command as? any NounCommand { throw type(of: noun).missingVerb }
        guard let command = command as? any ControlCommand else { return .text("") }
        let options = OptionReader(environment: environment, noun: type(of: command).noun)
        let global = command.global.over(command.root.global)
        let socket = try options.optional(global.socket, "socket", .text) ?? defaultSocket
        let timeout = try options.optional(global.timeout, "timeout", .seconds) ?? defaultTimeoutSeconds
        let client = ReservationClient(ClientConfiguration(socketPath: socket, name: "reservationctl"))
        let session = ControlSession(
            options: options, client: client, isJSON: try options.flag(global.json, "json"), timeout: .seconds(Int64(timeout)),
            output: output)
        let result: Result<Report, ControlFailure>
        do throws(ControlFailure) {
            result = .success(try await command.perform(in: session))
        } catch {
            result = .failure(error)
        }
        await client.close()
        return try result.get()
    }

    /// Also where `--help` ends.
    private static func ending(ofParsing error: any Error) -> Ending {
        guard ReservationCommand.exitCode(for: error) != .success else {
            return Ending(output: ByteBuffer(string: ReservationCommand.fullMessage(for: error) + "\n"), exitCode: 0)
        }
        let message = ReservationCommand.message(for: error)
        return Ending(complaint: complaint("\(message) (see reservationctl --help)"), exitCode: ControlFailure.Kind.usage.rawValue)
    }

    /// Always one line, whatever is in the message.
    private static func complaint(_ message: String) -> String {
        let words = message.split(whereSeparator: \.isNewline).joined(separator: " ")
        return "reservationctl: \(PrintableText.escaped(words))"
    }

    // MARK: standard streams

    /// Prints what there is to print.
    ///
    /// - Returns: the process's exit code.
    package static func print(_ ending: Ending) -> Int32 {
        var exitCode = ending.exitCode
        if !StandardStream.write(ending.output, to: STDOUT_FILENO) {
            // A reader that has seen enough, such as `head`, needs no complaint.
            if errno != EPIPE {
                let reason = String(cString: strerror(errno))
                _ = StandardStream.write(
                    ByteBuffer(string: "reservationctl: standard output cannot be written (\(reason)): free space\n"), to: STDERR_FILENO)
            }
            exitCode = ControlFailure.Kind.inputOutput.rawValue
        }
        if let complaint = ending.complaint {
            _ = StandardStream.write(ByteBuffer(string: complaint + "\n"), to: STDERR_FILENO)
        }
        return exitCode
    }
}
