import Foundation
import Subprocess
import TestSupport
import Testing

@testable import OpsCore

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// The cron line and the systemd unit of `deploy/`, each run once as its daemon runs it.
@Suite struct BackupTimerTests {
    private struct Outcome {
        var exitCode: Int32?
        var output: String
    }

    private static func deployed(_ name: String) throws -> [String] {
        let folder = SchemaOracle.folder.deletingLastPathComponent().deletingLastPathComponent().appending(
            path: "deploy")
        return try String(contentsOf: folder.appending(path: name), encoding: .utf8).split(separator: "\n")
            .map(String.init).filter { !$0.hasPrefix("#") }
    }

    /// A file with the settings of a database, as it lies on a server.
    private static func environmentFile(
        _ scope: BackupScope, in folder: String, password: String? = nil, _ server: LocalHTTPServer
    ) throws -> String {
        var database = scope.database
        if let password { database.password = Secret(password) }
        let text = """
            DATABASE_URL='\(database.url(includingPassword: true))'
            BACKUP_DIR='\(scope.folder)'
            NOTIFY_WEBHOOK_URL='\(server.url("/hook"))'
            HEARTBEAT_URL='\(server.url("/beat"))'

            """
        let path = folder + "/env"
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    private static func run(_ program: String, _ arguments: [String], _ environment: [String: String]) async throws
        -> Outcome
    {
        let variables = Dictionary(
            uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) })
        let result = try await Subprocess.run(
            .path(FilePath(program)), arguments: Arguments(arguments), environment: .custom(variables),
            workingDirectory: "/", output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
        var outcome = Outcome(exitCode: nil, output: result.standardOutput + result.standardError)
        if case .exited(let code) = result.terminationStatus { outcome.exitCode = code }
        return outcome
    }

    private func withServer(_ body: (BackupScope, LocalHTTPServer, String) async throws -> Void) async throws {
        try await BackupScope.with { scope in
            try await scope.execute("CREATE TABLE a (id INT PRIMARY KEY)")
            let server = try LocalHTTPServer()
            defer { server.stop() }
            try await TestFolder.with { try await body(scope, server, $0) }
        }
    }

    private func events(_ server: LocalHTTPServer) -> [String] {
        server.requests.filter { $0.method == "POST" }.map {
            $0.body.contains(#""event":"success""#) ? "success" : "failure"
        }
    }

    // MARK: - cron

    /// Runs the line as cron does: variables in the environment, the command by SHELL, nothing else.
    private func runCronLine(_ overrides: [String: String]) async throws -> Outcome {
        var environment = ["HOME": "/", "LOGNAME": "sysndd"]
        var commands: [String] = []
        for line in try Self.deployed("cron.d/sysndd-ctl") {
            if let assignment = line.wholeMatch(of: /([A-Z_]+)=(.*)/) {
                environment[String(assignment.1)] = String(assignment.2)
            } else {
                let fields = line.split(separator: " ", maxSplits: 6)
                #expect(fields.prefix(5).allSatisfy { $0.allSatisfy { "0123456789*/,-".contains($0) } })
                #expect(fields[5] == "sysndd")
                commands.append(String(fields[6]))
            }
        }
        let command = try #require(commands.count == 1 ? commands.first : nil)
        // To cron, a % is the end of the line.
        #expect(!command.contains("%"))
        environment.merge(overrides) { $1 }
        return try await Self.run(try #require(environment["SHELL"]), ["-c", command], environment)
    }

    @Test func theCronLineMakesABackupAndLogsIt() async throws {
        try await withServer { scope, server, folder in
            let log = folder + "/backup.log"
            let variables = [
                "SYSNDD_CTL": Tool.path, "SYSNDD_LOG": log,
                "SYSNDD_ENV": try Self.environmentFile(scope, in: folder, server),
            ]
            let outcome = try await runCronLine(variables)
            let text = try String(contentsOfFile: log, encoding: .utf8)
            #expect(outcome.exitCode == 0, "\(text)")
            // Nothing to mail.
            #expect(outcome.output == "")
            #expect(
                scope.files.contains { $0.hasSuffix(".\(scope.database.database).sql.gz") && !$0.hasPrefix("latest") })
            #expect(text.contains("verifying the file"))
            #expect(text.contains("1 tables, 0 rows"))
            #expect(!text.contains("\u{1B}"))
            #expect(events(server) == ["success"])
        }
    }

    @Test func aFailureOfTheCronLineIsMailedLoggedAndNoticed() async throws {
        try await withServer { scope, server, folder in
            let log = folder + "/backup.log"
            let variables = [
                "SYSNDD_CTL": Tool.path, "SYSNDD_LOG": log,
                "SYSNDD_ENV": try Self.environmentFile(scope, in: folder, password: "wrong-password", server),
            ]
            let outcome = try await runCronLine(variables)
            #expect(outcome.exitCode == 77)
            #expect(outcome.output == "the backup failed with exit code 77, see \(log)\n")
            let text = try String(contentsOfFile: log, encoding: .utf8)
            #expect(text.contains("sysndd-ctl: "))
            #expect(!text.contains("wrong-password"))
            #expect(events(server) == ["failure"])
            #expect(server.requests.contains { $0.target == "/beat/fail" })
            #expect(scope.files == [])
        }
    }

    // MARK: - systemd

    /// Runs what the unit starts, with its environment and nothing else.
    private func runUnit(_ scope: BackupScope, environmentFile: String) async throws -> Outcome {
        var values: [String: [String]] = [:]
        for line in try Self.deployed("systemd/sysndd-backup.service") where line.contains("=") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            values[parts[0], default: []].append(parts[1])
        }
        #expect(values["Type"] == ["oneshot"])
        #expect(values["StateDirectory"] == ["sysndd-ctl"])
        #expect(values["Environment"] == nil)
        let words = try #require(values["ExecStart"]?.first).split(separator: " ").map(String.init)
        #expect(words.first == "/usr/local/bin/sysndd-ctl")
        let arguments = words.dropFirst().map { $0 == "/etc/sysndd-ctl/env" ? environmentFile : $0 }
        #expect(arguments.contains(environmentFile))
        return try await Self.run(Tool.path, Array(arguments), ["PATH": "/usr/bin:/bin"])
    }

    @Test func theUnitMakesABackupAndItsFailureIsAFailedUnit() async throws {
        try await withServer { scope, server, folder in
            let good = try await runUnit(
                scope, environmentFile: Self.environmentFile(scope, in: folder, server))
            #expect(good.exitCode == 0, "\(good.output)")
            #expect(good.output.contains("1 tables, 0 rows"))
            #expect(scope.files.count == 2)
            let bad = try await runUnit(
                scope, environmentFile: Self.environmentFile(scope, in: folder, password: "wrong-password", server))
            #expect(bad.exitCode == 77, "\(bad.output)")
            #expect(events(server) == ["success", "failure"])
            let timer = try Self.deployed("systemd/sysndd-backup.timer")
            #expect(timer.contains("OnCalendar=*-*-* 03:15:00 UTC"))
            #expect(timer.contains("Persistent=true"))
        }
    }
}
