import DevStack
import Foundation
import OpsCore
import TestSupport
import Testing

/// Settings that cannot work, and what nobody may see of them.
extension SMTPProbeTests {
    /// Two questions, answered apart.
    @Test func authorityAndNameHaveVerdictsOfTheirOwn() async throws {
        try await TestFolder.with { folder in
            let certificates = try await MailCertificates.make(in: folder)
            for (kind, authority, name) in [(MailCertificates.Kind.selfSigned, false, true), (.stranger, true, false)] {
                let options = Self.with(certificates.options(kind), Self.starttls)
                try await MailServer.with(.scripted, options) { server in
                    let outcome = try await Self.tool(server.port, "starttls").run(
                        "smtp-test", "--format", "json", "--ca-file", certificates.authority)
                    let seen = try outcome.json()["certificate"] as? [String: Any]
                    #expect((seen?["authority"] as? [String: Any])?["ok"] as? Bool == authority, "\(outcome.output)")
                    #expect((seen?["name"] as? [String: Any])?["ok"] as? Bool == name, "\(outcome.output)")
                }
            }
        }
    }

    @Test func namesPortsAndSettingsThatCannotWork() async throws {
        let port = Int(try FreePort.find())
        let refused = try await Self.tool(port, "none").run("smtp-test")
        #expect(refused.exitCode == 11 && refused.output.contains("nobody listens there"), "\(refused.output)")
        #expect(refused.output.contains("mail cannot be sent: connect: connection refused"), "\(refused.output)")
        // No route leads to a broadcast address.
        for (port, hint) in [("587", "no way leads to that address"), ("25", "SMTP_PORT=587")] {
            let nowhere = try await Self.tool(587, "none").run("smtp-test", "--host", "255.255.255.255", "--port", port)
            #expect(nowhere.exitCode == 11 && nowhere.output.contains("network is unreachable"), "\(nowhere.output)")
            #expect(nowhere.output.contains(hint), "\(nowhere.output)")
        }
        let unknown = try await Self.tool(port, "none").run("smtp-test", "--host", "mail.invalid")
        #expect(unknown.exitCode == 10 && unknown.output.contains("check SMTP_HOST"), "\(unknown.output)")
        let unset = try await Tool().run("smtp-test")
        #expect(unset.exitCode == 78 && unset.output.contains("set SMTP_HOST"), "\(unset.output)")
        #expect(try await Self.tool(port, "none").run("smtp-test", "--send").exitCode == 64)
        for name in ["SMTP_USER", "SMTP_PASSWORD"] {
            var tool = Self.tool(port, "none")
            tool.environment[name] = "half of it"
            let half = try await tool.run("smtp-test")
            #expect(half.exitCode == 78 && half.output.contains("\(name) is set without"), "\(half.output)")
        }
    }

    /// A file without a certificate is this side's mistake, and told before anybody is asked.
    @Test func authoritiesThatCannotBeReadAreToldAsASetting() async throws {
        try await TestFolder.with(files: ["empty.pem": "", "key.pem": "-----BEGIN PRIVATE KEY-----\n"]) { folder in
            for file in ["missing.pem", "empty.pem", "key.pem"] {
                let outcome = try await Self.tool(1, "starttls").run("smtp-test", "--ca-file", "\(folder)/\(file)")
                #expect(outcome.exitCode == 78 && outcome.output.contains(file), "\(outcome.output)")
            }
        }
    }

    /// The system waits much longer for its name servers than a stage may take, and cannot be told to stop.
    @Test func aNameServerThatDoesNotAnswerIsGivenUpAtTheDeadline() async throws {
        let source = """
            #include <netdb.h>
            #include <unistd.h>
            int getaddrinfo(const char *n, const char *s, const struct addrinfo *h, struct addrinfo **r) {
                sleep(300);
                return EAI_AGAIN;
            }
            """
        try await TestFolder.with(files: ["hang.c": source]) { folder in
            let library = folder + "/hang.so"
            let built = try await Tool(folder: folder).run(
                program: "/usr/bin/gcc", ["-shared", "-fPIC", "-Wall", "-Werror", "-o", library, "hang.c"])
            try #require(built.exitCode == 0, "\(built.errorOutput)")
            var tool = Self.tool(25, "none")
            tool.environment["LD_PRELOAD"] = library
            let began = ContinuousClock.now
            let outcome = try await tool.run("smtp-test", "--host", "mail.example.org", "--timeout", "1")
            #expect(outcome.exitCode == 10 && outcome.output.contains("no answer within 1 s"), "\(outcome.output)")
            #expect(ContinuousClock.now - began < .seconds(60))
        }
    }

    /// Whoever may look at the machine's processes sees no password, and a process that dies leaves none on the disk.
    @Test func thePasswordIsInNoArgumentOfAnyProcessAndInNoCoreDump() async throws {
        try await MailServer.with(.scripted, Self.with(["hang": "MAIL"], Self.ehlo)) { server in
            try await TestFolder.with { folder in
                var tool = Self.tool(server.port, "none", user: "app")
                tool.folder = folder
                // Servers of other tests have the usual one among their arguments.
                let password = "own-3d1e-secret"
                tool.environment["SMTP_PASSWORD"] = password
                let shell = "ulimit -c unlimited && exec \(Tool.path) smtp-test --verbose --timeout 60"
                let outcome = try await tool.run(program: "/bin/sh", ["-c", shell]) { process in
                    try await eventually(within: .seconds(30)) {
                        try server.events.contains { $0.line?.hasPrefix("MAIL") == true }
                    }
                    #expect(try Self.commandLines().contains { $0.contains("smtp-test") })
                    #expect(try !Self.commandLines().contains { $0.contains(password) })
                    // Its default is to dump core, and nobody handles it.
                    kill(process, SIGXCPU)
                }
                #expect(outcome.exitCode == nil)
                #expect(!(outcome.output + outcome.errorOutput).contains(password))
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
                #expect(
                    try server.events.contains { $0.line == Data("\0app\0\(password)".utf8).base64EncodedString() },
                    "the server did not get the password")
            }
        }
    }

    /// Of all processes that this one may look at.
    private static func commandLines() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }.compactMap {
            guard let data = try? Data(contentsOf: URL(filePath: "/proc/\($0)/cmdline")) else { return nil }
            return String(decoding: data, as: UTF8.self)
        }
    }
}
