import DevStack
import Foundation
import Glibc
import TestSupport
import Testing

@testable import OpsCore

/// Checks of the machine, each on a machine that is made to violate them.
@Suite struct MachineCheckTests {
    /// The results of `preflight --only IDS`, by id, run by a shell that sets the machine up before.
    private func preflight(
        _ database: DatabaseSettings, _ environment: [String: String] = [:], folder: String, after setUp: String,
        only ids: String, arguments: String = ""
    ) async throws -> [String: (status: String, observed: String)] {
        let tool = Tool(database: database, environment: environment, folder: folder)
        let command = "\(setUp) && exec \(Tool.path) preflight --only \(ids) --format json \(arguments)"
        let outcome = try await tool.run(program: "/bin/sh", ["-c", command])
        let checks = try #require(try outcome.json()["checks"] as? [[String: Any]], "\(outcome)")
        return Dictionary(
            uniqueKeysWithValues: checks.map {
                ("\($0["id"] ?? "")", (status: "\($0["status"] ?? "")", observed: "\($0["observed"] ?? "")"))
            })
    }

    /// A file system of 160 MiB, in a mount namespace of its own, filled so far.
    @Test(.enabled(if: geteuid() == 0, "needs root, to mount a small file system"))
    func aFullDiskFailsAndOneWithRoomDoesNot() async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with { folder in
                let disk = folder + "/disk"
                try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
                let connection = try await DatabaseConnection(database)
                try await connection.execute("CREATE TABLE a (i INT PRIMARY KEY)")
                func run(filled mebibytes: Int) async throws -> [String: (status: String, observed: String)] {
                    let mount = "mount -t tmpfs -o size=160m,mode=0700 tmpfs \(disk)"
                    let fill = "head -c \(mebibytes)M /dev/zero > \(disk)/fill; cd \(disk)"
                    let tool = "exec \(Tool.path) preflight --only SYS-501 BAK-206 --format json"
                    let setUp = "exec unshare --mount sh -c '\(mount) && { \(fill); \(tool); }' #"
                    return try await preflight(
                        database, ["BACKUP_DIR": disk], folder: folder, after: setUp, only: "SYS-501")
                }
                let full = try await run(filled: 159)
                #expect(full["SYS-501"]?.status == "fail", "\(full)")
                #expect(full["SYS-501"]?.observed.contains("% of the room of \(disk) are free") == true, "\(full)")
                #expect(full["BAK-206"]?.status == "fail", "\(full)")
                let roomy = try await run(filled: 1)
                #expect(roomy["SYS-501"]?.observed.contains("of the room of \(disk)") == false, "\(roomy)")
                #expect(roomy["BAK-206"]?.status == "pass", "\(roomy)")
            }
        }
    }

    @Test func aLowLimitOfOpenFilesIsFound() async throws {
        let settings = try await TestTarget.embedded.settings()
        try await TestFolder.with { folder in
            for (limit, status) in [(200, "fail"), (1000, "warn"), (4096, "pass")] {
                let results = try await preflight(
                    settings, folder: folder, after: "ulimit -n \(limit)", only: "SYS-505")
                #expect(results["SYS-505"]?.status == status, "\(limit): \(results)")
            }
        }
    }

    @Test func aCarelessComposeFileFailsAndOursPasses() async throws {
        let settings = try await TestTarget.embedded.settings()
        let careless = """
            services:
              database:
                image: mysql:latest
                environment: {MYSQL_DATABASE: d, MYSQL_ROOT_PASSWORD: secret}
                healthcheck: {test: [CMD, mysqladmin, ping, -psecret]}
            """
        try await TestFolder.with(files: ["compose.yml": careless]) { folder in
            let bad = try await preflight(
                settings, folder: folder, after: "true", only: "SYS-504", arguments: "--compose compose.yml")
            #expect(bad["SYS-504"]?.status == "fail", "\(bad)")
            let ours = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../../../deploy/compose.yml").standardizedFileURL.path
            let good = try await preflight(
                settings, folder: folder, after: "true", only: "SYS-504", arguments: "--compose \(ours)")
            #expect(good["SYS-504"]?.status == "pass", "\(good)")
        }
    }

    /// This machine's own server, by an address that is not taken for this machine.
    @Test func clearTextThatMayLeaveTheMachineFails() async throws {
        var settings = try await TestTarget.embedded.settings()
        (settings.socket, settings.host, settings.tlsMode) = (nil, "127.0.0.1", .disabled)
        #expect(try await PreflightSupport(settings).status("SEC-305") == .pass)
        settings.host = "127.1"
        let clear = try await PreflightSupport(settings).run("SEC-305")
        #expect(clear.status == .fail && clear.observed.contains("clear text"), "\(clear)")
    }

    /// The certificate of this server has two days left.
    @Test func theCertificateOfARealServerIsJudgedByItsDays() async throws {
        try await TLSTests.withTLSServer { settings, authority async throws in
            var settings = settings
            settings.tlsMode = .verifyCA
            settings.tlsCAFile = authority
            var support = PreflightSupport(settings)
            #expect(try await support.status("SEC-305") == .fail)
            support.now = { Date(timeIntervalSinceNow: -20 * 86_400) }
            #expect(try await support.status("SEC-305") == .warn)
            support.now = { Date(timeIntervalSinceNow: -40 * 86_400) }
            let good = try await support.run("SEC-305")
            #expect(good.status == .pass && good.observed.contains("certificate for 4"), "\(good)")
        }
    }
}
