import Glibc
import ReservationCore
import Testing

@testable import ReservationMailer

@Suite("Files", .serialized)
struct FileTests {
    /// A directory of the test's own, removed with it.
    private final class Folder {
        let path: String

        init() throws {
            var template = Array("/tmp/mailer-test-XXXXXX".utf8CString)
            path = String(cString: try #require(mkdtemp(&template)))
        }

        func write(_ text: String, _ name: String) throws -> String {
            let file = try #require(fopen("\(path)/\(name)", "w"))
            fputs(text, file)
            fclose(file)
            return "\(path)/\(name)"
        }

        var names: [String] {
            guard let folder = opendir(path) else { return [] }
            defer { closedir(folder) }
            var names: [String] = []
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { names.append(name) }
            }
            return names.sorted()
        }

        deinit {
            for name in names { unlink("\(path)/\(name)") }
            rmdir(path)
        }
    }

    @Test("the same mail again takes its own place, another has one of its own, and nothing else is left")
    func directory() async throws {
        let folder = try Folder()
        let transport = DirectoryTransport(path: folder.path)
        for outboxID in [7, 8, 7] as [UInt64] {
            let result = await transport.send(try SampleDelivery.message(SampleDelivery.make(outboxID: outboxID)))
            #expect(result == .accepted(providerID: "000000000\(outboxID).eml"))
        }
        #expect(folder.names == ["0000000007.eml", "0000000008.eml"])
    }

    @Test("a directory that cannot be made is an operator's matter")
    func noDirectory() async throws {
        let result = await DirectoryTransport(path: "/proc/none/mail").send(try SampleDelivery.message(SampleDelivery.make()))
        guard case .retry(nil, let reason) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(reason.needsOperator)
    }

    @Test("a password may have colons and spaces; comments and empty lines are passed over")
    func credentials() throws {
        let folder = try Folder()
        let file = CredentialFile(path: try folder.write("# provider\n\n  user:pass: word \nother:line\n", "smtp"))
        let (user, password) = try file.userAndPassword()
        #expect((user, password) == ("user", "pass: word"))
        #expect(CredentialFile.find(nil, credential: "smtp", general: "mail", directory: folder.path) == file)
        #expect(CredentialFile.find(nil, credential: "sendgrid", general: "mail", directory: folder.path) == nil)
    }

    @Test(
        "the installed unit's credential counts when there is something in it",
        arguments: [("# none", false), ("\n", false), ("a:b", true)])
    func generalCredential(text: String, counts: Bool) throws {
        let folder = try Folder()
        let file = CredentialFile(path: try folder.write(text, "mail"))
        #expect(CredentialFile.find(nil, credential: "smtp", general: "mail", directory: folder.path) == (counts ? file : nil))
    }

    @Test("what is no credential is said without saying it", arguments: ["", "\n# only a comment\n", "nocolon", ":password", "user:"])
    func badCredentials(text: String) throws {
        let folder = try Folder()
        let file = CredentialFile(path: try folder.write(text, "smtp"))
        let error = #expect(throws: CredentialError.self) { try file.userAndPassword() }
        #expect(error?.description.contains("nocolon") == false && error?.description.contains("password\n") == false)
    }

    @Test("a key cannot bring a header of its own")
    func key() throws {
        let folder = try Folder()
        #expect(throws: CredentialError.self) { try CredentialFile(path: try folder.write("SG.x y\u{1}z", "a")).key() }
        #expect(try CredentialFile(path: try folder.write("SG.abc\r\n", "b")).key() == "SG.abc")
    }
}
