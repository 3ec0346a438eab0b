import Foundation
import TestSupport
import Testing
import Yams

@testable import OpsCore

/// The files of `deploy/` pass the checks that are made for such files.
@Suite struct DeployFilesTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../deploy").standardizedFileURL.path

    private func compose(_ name: String = "compose.yml") throws -> ComposeFile {
        let path = Self.folder + "/" + name
        return try ComposeFile(parsing: SettingsFile.text(at: path), path: path, variables: [:])
    }

    @Test func theComposeFileIsFitForProduction() throws {
        let file = try compose()
        #expect(file.services.map(\.name) == ["backup", "database", "shim"])
        let verdict = SystemChecks.Compose.judge(file)
        #expect(verdict.status == .pass, "\(verdict.observed)")
    }

    @Test func theBudgetInItsCommentIsTheOneThatIsWorkedOut() throws {
        let file = try compose()
        let jobs = ConnectionBudget.Term("backup", pool: 2, source: "test")
        let maximum = try #require(
            file.services.first { $0.name == "database" }?.command
                .compactMap { $0.hasPrefix("--max-connections=") ? Int($0.dropFirst(18)) : nil }.first)
        let budget = ConnectionBudget(
            services: ConnectionBudget.services(of: file, defaultPool: 5), shims: ConnectionBudget.shims(of: file),
            backupJobs: jobs, maximum: maximum)
        #expect(budget.terms.first { $0.name == "shim" && $0.pool == 2 }?.connections == 8)
        #expect(budget.need == 42)
        #expect(budget.status == .pass)
        let text = try SettingsFile.text(at: Self.folder + "/compose.yml")
        #expect(text.contains("need                                      42   of max_connections = 60"))
    }

    @Test func mariaDBTakesThePlaceOfMySQLWithTheSameLimits() throws {
        let file = try compose("compose.mariadb.yml")
        #expect(file.services.map(\.name) == ["database"])
        let mysql = try #require(try compose().services.first { $0.name == "database" })
        let mariadb = try #require(file.services.first)
        // Its binary log is off, and it does not know that option without one.
        let options = mysql.command.filter { $0.hasPrefix("--") && !$0.hasPrefix("--log-bin") }
        #expect(mariadb.command.dropFirst() == options[...])
        #expect(mysql.command.contains("--log-bin-trust-function-creators=ON"))
        #expect(mariadb.isDatabaseServer && mariadb.healthTest?.contains("healthcheck.sh") == true)
        #expect(mariadb.environment["MARIADB_ROOT_PASSWORD_FILE"] == mysql.environment["MYSQL_ROOT_PASSWORD_FILE"])
    }

    /// It needs nothing of the other files, and is seen by this machine only.
    @Test func mailpitStandsByItself() throws {
        #expect(try compose("compose.dev.yml").services.map(\.name) == ["mailpit"])
        let text = try SettingsFile.text(at: Self.folder + "/compose.dev.yml")
        let root = try #require(try Yams.load(yaml: text) as? [String: Any])
        let mailpit = try #require((root["services"] as? [String: Any])?["mailpit"] as? [String: Any])
        let ports = try #require(mailpit["ports"] as? [String])
        #expect(ports.count == 2 && ports.allSatisfy { $0.hasPrefix("127.0.0.1:") })
        #expect(root.count == 1)
    }

    @Test func secretsBesideTheComposeFileGetIntoNoRepositoryAndNoImage() throws {
        for name in [".gitignore", ".dockerignore"] {
            let lines = try SettingsFile.text(at: Self.folder + "/../" + name).split(separator: "\n")
            #expect(lines.contains { $0 == "deploy/secrets" || $0 == "deploy/secrets/" }, "\(name)")
        }
    }

    /// A node of the Kubernetes example, by the names on the way to it; a number stands for an element of a list.
    private func node(_ path: String, in document: Any) -> Any? {
        path.split(separator: ".").reduce(document as Any?) { node, name in
            Int(name).map { (node as? [Any])?[$0] } ?? (node as? [String: Any])?[String(name)]
        }
    }

    @Test func podsMayMigrateForAnHourAndKeepBackupsInAFolderOfTheirOwn() throws {
        let text = try SettingsFile.text(at: Self.folder + "/kubernetes.yaml")
        let documents = try Yams.load_all(yaml: text).map(\.self)
        #expect(documents.count == 2)
        let shim = try #require(node("spec.template.spec.containers.0", in: documents[0]))
        let period = try #require(node("startupProbe.periodSeconds", in: shim) as? Int)
        let failures = try #require(node("startupProbe.failureThreshold", in: shim) as? Int)
        #expect(period * failures >= 3600)
        let job = try #require(node("spec.jobTemplate.spec.template.spec.containers.0", in: documents[1]))
        for container in [shim, job] {
            let variables = try #require(node("env", in: container) as? [[String: Any]])
            let folder = try #require(variables.first { $0["name"] as? String == "BACKUP_DIR" }?["value"] as? String)
            let mounts = try #require(node("volumeMounts", in: container) as? [[String: Any]])
            let mount = try #require(mounts.first { $0["name"] as? String == "backups" }?["mountPath"] as? String)
            // The mount itself belongs to root, and is open to a group.
            #expect(folder.hasPrefix(mount + "/"))
        }
    }
}
