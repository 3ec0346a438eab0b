import Foundation
import Testing

@testable import OpsCore

/// Checks of the machine, each judged both ways.
@Suite struct SystemCheckTests {
    @Test func roomAndInodesAreJudgedBySharesThatAreFree() {
        func status(free: Int = 50, files: Int = 50, totalFiles: Int = 100) -> CheckStatus {
            SystemChecks.Disk.judge([
                "/a": FileSystemSpace(free: free, total: 100, freeFiles: files, totalFiles: totalFiles, device: 1)
            ]).status
        }
        #expect(status() == .pass)
        #expect(status(free: 14) == .warn)
        #expect(status(free: 4) == .fail)
        #expect(status(files: 14) == .warn)
        #expect(status(files: 0) == .fail)
        #expect(status(files: 0, totalFiles: 0) == .pass)
    }

    @Test func clocksMayDifferALittle() {
        #expect(SystemChecks.Clock.judge(0.3).status == .pass)
        #expect(SystemChecks.Clock.judge(-2.5).status == .warn)
        #expect(SystemChecks.Clock.judge(31).status == .fail)
        #expect(SystemChecks.Clock.judge(-31).observed == "31.0 s behind the server")
    }

    @Test func openFilesAreJudgedByTheLimits() {
        func status(_ limit: Int, _ server: Int?) -> CheckStatus {
            SystemChecks.OpenFiles.judge(.init(limit: limit, server: server)).status
        }
        #expect(status(1024, 5000) == .pass)
        #expect(status(1024, nil) == .pass)
        #expect(status(512, 5000) == .warn)
        #expect(status(100, 5000) == .fail)
        #expect(status(1024, 500) == .warn)
    }

    private static let good = """
        services:
          db:
            image: mariadb:11.8.2
            restart: unless-stopped
            mem_limit: 2g
            environment: {MARIADB_ROOT_PASSWORD_FILE: /run/secrets/root}
            healthcheck: {test: ["CMD", "healthcheck.sh", "--connect"]}
            logging: {options: {max-size: 10m}}
        """

    private func verdict(_ text: String, _ replacing: String, _ with: String) throws -> CheckVerdict {
        #expect(text.contains(replacing))
        return SystemChecks.Compose.judge(
            try ComposeFile(parsing: text.replacing(replacing, with: with), path: "compose.yml", variables: [:]))
    }

    @Test func aComposeFileFitForProductionPasses() throws {
        #expect(try verdict(Self.good, "mariadb", "mariadb").status == .pass)
        #expect(try verdict(Self.good, "mariadb:11.8.2", "host:5000/mariadb@sha256:0123").status == .pass)
    }

    @Test(arguments: [
        ("mariadb:11.8.2", "mariadb", "fixed version"), ("mariadb:11.8.2", "host:5000/mariadb", "fixed version"),
        ("mariadb:11.8.2", "mariadb:latest", "fixed version"), ("restart: unless-stopped", "tty: false", "restarted"),
        ("mem_limit: 2g", "tty: false", "memory"), ("{options: {max-size: 10m}}", "{}", "logs"),
        ("healthcheck:", "x-healthcheck:", "health check"),
    ])
    func whatIsMissingIsAWarning(_ old: String, _ new: String, _ word: String) throws {
        let verdict = try verdict(Self.good, old, new)
        #expect(verdict.status == .warn)
        #expect(verdict.observed.contains(word), "\(verdict.observed)")
    }

    @Test(arguments: [
        #"["CMD", "mysqladmin", "-psecret-1", "ping"]"#, #"["CMD-SHELL", "mysqladmin ping --password=secret-1"]"#,
        #"["CMD-SHELL", "mariadb-admin ping -p$$MARIADB_PASSWORD"]"#,
    ])
    func aPasswordInArgumentsFails(_ test: String) throws {
        let verdict = try verdict(Self.good, #"["CMD", "healthcheck.sh", "--connect"]"#, test)
        #expect(verdict.status == .fail)
        #expect(verdict.observed.contains("a password in the arguments"))
        #expect(!verdict.observed.contains("secret-1"))
    }

    @Test func aPortNumberIsNoPassword() throws {
        let test = #"["CMD-SHELL", "mysqladmin -P3306 ping; nc -p3306"]"#
        #expect(try verdict(Self.good, #"["CMD", "healthcheck.sh", "--connect"]"#, test).status == .pass)
    }

    @Test func shimFiguresAreJudged() {
        func pool(_ size: Int, _ active: Int, configured: [Int] = [5]) -> CheckStatus {
            ShimChecks.Pool.judge(
                .init(
                    counted: configured, source: "default", pool: .init(maxSize: size, active: active, total: size))
            ).status
        }
        #expect(pool(5, 1) == .pass)
        #expect(pool(5, 5) == .warn)
        #expect(pool(10, 1) == .fail)
        #expect(pool(10, 1, configured: [0, 10]) == .pass)
        func workers(_ answered: Int, _ slowest: Int) -> CheckStatus {
            ShimChecks.Workers.judge(.init(asked: 4, answered: answered, slowest: slowest)).status
        }
        #expect(workers(4, 10) == .pass)
        #expect(workers(3, 10) == .fail)
        #expect(workers(4, 1500) == .warn)
    }

    @Test func addressesOfAShimAreTaken() {
        #expect(HTTPProbe(url: "http://127.0.0.1:7777") == HTTPProbe(host: "127.0.0.1", port: 7777))
        #expect(HTTPProbe(url: "http://[::1]:7777/") == HTTPProbe(host: "::1", port: 7777))
        #expect(HTTPProbe(url: "http://shim") == HTTPProbe(host: "shim", port: 80))
        for bad in ["https://shim", "shim:7777", "http://shim/path", "", "ftp://a"] {
            #expect(HTTPProbe(url: bad) == nil)
        }
        var settings = ServerSettings()
        settings.host = "0.0.0.0"
        #expect(HTTPProbe(localTo: settings).place == "127.0.0.1:7777")
        settings.host = "::"
        #expect(HTTPProbe(localTo: settings).place == "[::1]:7777")
    }
}
