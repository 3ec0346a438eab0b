import DevStack
import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// The commands as an operator or a timer runs them: exit code, standard output, and what is left in the folder.
@Suite struct BackupCommandTests {
    func withTables(_ body: (BackupScope, Tool) async throws -> Void) async throws {
        try await BackupScope.with { scope in
            try await scope.makeTables()
            try await body(scope, scope.tool())
        }
    }

    // MARK: - What succeeds

    @Test func aBackupIsMadeListedVerifiedAndDeleted() async throws {
        try await withTables { scope, tool in
            let made = try await tool.run("backup", "create", "--jobs", "2", "--format", "json")
            #expect(made.exitCode == 0, "\(made.errorOutput)")
            let backup = try made.json()
            #expect(
                Set(backup.keys) == [
                    "file", "size_bytes", "table_count", "rows", "duration_ms", "sha256", "snapshot", "notes", "pruned",
                    "proven",
                ])
            #expect(backup["rows"] as? Int == 4)
            #expect(backup["proven"] is NSNull)
            let snapshot = try #require(backup["snapshot"] as? [String: Any])
            #expect(snapshot["method"] as? String == "read-lock")
            #expect(snapshot["consistent"] as? Bool == true)
            let name = try #require((backup["file"] as? String)?.split(separator: "/").last.map(String.init))
            #expect(name.wholeMatch(of: /manual_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d\.sql\.gz/) != nil)

            let listed = try await tool.run("backup", "list", "--format", "json").json()
            #expect(Set(listed.keys) == ["backups", "total_count", "total_size_bytes"])
            #expect(listed["total_count"] as? Int == 1)
            #expect(listed["total_size_bytes"] as? Int == backup["size_bytes"] as? Int)
            let record = try #require((listed["backups"] as? [[String: Any]])?.first)
            #expect(
                Set(record.keys).isSuperset(of: [
                    "filename", "kind", "size_bytes", "created_at", "table_count", "rows", "complete", "verified_at",
                    "proven_at",
                ]))
            #expect(record["filename"] as? String == name)
            #expect(record["complete"] as? Bool == true)
            #expect(record["verified_at"] is String)
            #expect(record["proven_at"] is NSNull)

            let verified = try await tool.run("backup", "verify", name, "--format", "json")
            #expect(verified.exitCode == 0)
            let finding = try verified.json()
            #expect(Set(finding.keys) == ["file", "ok", "members", "bad", "notes", "proven"])
            #expect(finding["ok"] as? Bool == true)
            #expect(finding["members"] as? Int ?? 0 > 4)

            let refused = try await tool.run("backup", "delete", name, "--format", "json")
            #expect(try refused.failure == Failure(64, "CONFIRMATION_REQUIRED"))
            #expect(scope.files.contains(name))
            let deleted = try await tool.run("backup", "delete", name, "--confirm", "DELETE", "--format", "json")
            #expect(deleted.exitCode == 0)
            #expect(try deleted.json()["file"] as? String == name)
            #expect(!scope.files.contains(name))
        }
    }

    @Test func aScheduledBackupIsWhatTheBareCommandMakesForATimer() async throws {
        try await withTables { scope, tool in
            let made = try await tool.run("backup", "--kind", "scheduled", "--quiet")
            #expect(made.exitCode == 0)
            #expect(made.errorOutput == "")
            #expect(made.output.split(separator: "\n").count == 1)
            let link = "latest.\(scope.database.database).sql.gz"
            let name = try #require(scope.files.first { $0 != link })
            #expect(name.wholeMatch(of: /\d{12}\..+\.sql\.gz/) != nil)
            #expect(name.hasSuffix(".\(scope.database.database).sql.gz"))
            #expect(
                try FileManager.default.destinationOfSymbolicLink(atPath: "\(scope.folder)/\(link)") == name)
        }
    }

    @Test func aFileOfAnyPlaceIsVerifiedByItsPath() async throws {
        try await withTables { scope, tool in
            let path = scope.parent + "/elsewhere.gz"
            #expect(try await tool.run("backup", "--output", path).exitCode == 0)
            let verified = try await tool.run("backup", "verify", "./elsewhere.gz", "--format", "json")
            #expect(verified.exitCode == 0, "\(verified.output)")
            #expect(try verified.json()["file"] as? String == "./elsewhere.gz")
            let again = try await tool.run("backup", "--output", path, "--format", "json")
            #expect(try again.failure == Failure(73, "ARCHIVE_EXISTS"))
        }
    }

    @Test func pruningTellsAReasonForEachFile() async throws {
        try await withTables { scope, tool in
            #expect(try await tool.run("backup", "--kind", "scheduled").exitCode == 0)
            let name = try #require(scope.files.first { !$0.hasPrefix("latest.") })
            // Others of earlier days, with the same content.
            let old = (1...3).map { "20200\($0)010300.\(scope.database.database).sql.gz" }
            for name in old { try scope.copy(scope.files.first { !$0.hasPrefix("latest.") }!, to: name) }
            let plan = try await tool.run("backup", "prune", "--keep-last", "2", "--dry-run", "--format", "json")
            #expect(plan.exitCode == 0)
            #expect(try plan.json()["dry_run"] as? Bool == true)
            #expect(scope.files.count == 5)
            let outcome = try await tool.run("backup", "prune", "--keep-last", "2", "--format", "json")
            #expect(outcome.exitCode == 0)
            let decisions = try #require(try outcome.json()["decisions"] as? [[String: Any]])
            #expect(decisions.count == 4)
            #expect(decisions.allSatisfy { ($0["reasons"] as? [String])?.isEmpty == false })
            #expect(decisions.count { $0["action"] as? String == "remove" } == 2)
            #expect(scope.files.contains(name))
            #expect(scope.files.count == 3)
        }
    }

    // MARK: - What fails

    @Test func aDamagedFileIsTold() async throws {
        try await withTables { scope, tool in
            let made = try await tool.run("backup", "--format", "json").json()
            let path = try #require(made["file"] as? String)
            let entry = try #require(try ArchiveReader(path: path).index().members(of: "b").last)
            var bytes = try Data(contentsOf: URL(filePath: path))
            bytes[entry.location.offset + entry.location.length / 2] ^= 1
            try bytes.write(to: URL(filePath: path))
            let name = String(path.split(separator: "/").last!)
            let verified = try await tool.run("backup", "verify", name, "--format", "json")
            #expect(verified.exitCode == 65)
            let finding = try verified.json()
            #expect(finding["ok"] as? Bool == false)
            let bad = try #require(finding["bad"] as? [[String: Any]])
            #expect(bad.map { $0["object"] as? String } == ["b"])
            #expect((bad.first?["member"] as? String)?.hasPrefix("rows ") == true)
            let text = try await tool.run("backup", "verify", name)
            #expect(text.exitCode == 65)
            #expect(text.output.contains("(b)"))
            let listed = try await tool.run("backup", "list", "--format", "json").json()
            #expect((listed["backups"] as? [[String: Any]])?.first?["complete"] as? Bool == false)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "needs to mount a file system"))
    func aFolderThatCannotBeWrittenIsTold() async throws {
        try await withTables { scope, tool in
            try await withDisk(scope.folder, "ro,size=1g") {
                let named = try await tool.run("backup", "--format", "json")
                #expect(try named.failure == Failure(73, "BACKUP_FOLDER_UNWRITABLE"))
                let path = try await tool.run("backup", "--output", scope.folder + "/x.sql.gz", "--format", "json")
                #expect(try path.failure == Failure(73, "ARCHIVE_NOT_WRITTEN"))
            }
            let nowhere = try await tool.run("backup", "--output", scope.parent + "/no/x.sql.gz", "--format", "json")
            #expect(try nowhere.failure == Failure(73, "ARCHIVE_NOT_WRITTEN"))
        }
    }

    @Test(.enabled(if: geteuid() == 0, "needs to mount a file system"))
    func aFullDiskIsTold() async throws {
        try await withTables { scope, tool in
            try await scope.execute(
                "CREATE TABLE c (id INT PRIMARY KEY, b LONGBLOB)",
                "INSERT INTO c SELECT seq, RANDOM_BYTES(1024) FROM seq_1_to_20000")
            try await withDisk(scope.folder, "size=4m") {
                let outcome = try await tool.run("backup", "--format", "json")
                #expect(try outcome.failure == Failure(73, "INSUFFICIENT_STORAGE"))
                #expect(scope.files == [])
            }
        }
    }

    @Test func whoeverComesSecondIsTold() async throws {
        try await withTables { scope, tool in
            let folder = try BackupFolder(scope.folder)
            try await folder.withLock(operation: "restore") {
                let outcome = try await tool.run("backup", "--format", "json")
                #expect(try outcome.failure == Failure(75, "BACKUP_FOLDER_BUSY"))
                let pruned = try await tool.run("backup", "prune", "--format", "json")
                #expect(try pruned.failure == Failure(75, "BACKUP_FOLDER_BUSY"))
            }
            try await Lease.with(scope.database, owner: LeaseOwner(operation: "restore")) { _ in
                let outcome = try await tool.run("backup", "--format", "json")
                #expect(outcome.exitCode == 75)
                #expect(try outcome.failure.message.contains("restore"))
                #expect(scope.files == [])
            }
            #expect(try await tool.run("backup").exitCode == 0)
        }
    }

    @Test func aRightThatIsMissingIsTold() async throws {
        try await withTables { scope, _ in
            let account = try await BackupAccount.make(scope)
            let name = SQLQuery.identifier(scope.database.database)
            for right in ["SELECT ON \(name).a", "SHOW VIEW, TRIGGER, EVENT ON \(name).*"] {
                try await scope.execute("GRANT \(right) TO \(account.quoted)")
            }
            let outcome = try await scope.tool(as: account.settings).run("backup", "--format", "json")
            #expect(try outcome.failure == Failure(77, "SCHEMA_PRIVILEGE_MISSING"))
            #expect(try outcome.failure.message.contains("`b`"))
            var wrong = account.settings
            wrong.password = Secret("not-the-password")
            let refused = try await scope.tool(as: wrong).run("backup", "--format", "json")
            #expect(try refused.failure == Failure(77, "DATABASE_ACCESS_DENIED"))
            #expect(!refused.output.contains("not-the-password"))
            #expect(scope.files == [])
            try await account.drop(scope)
        }
    }

    @Test func aServerThatIsNotThereIsTold() async throws {
        try await withTables { scope, _ in
            var nowhere = scope.database
            nowhere.socket = scope.parent + "/no.sock"
            let outcome = try await scope.tool(as: nowhere).run("backup", "--format", "json")
            #expect(try outcome.failure == Failure(69, "DATABASE_UNREACHABLE"))
            #expect(scope.files == [])
        }
    }

    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func aSignalEndsItInOrder(_ signal: Int32, _ expected: Int32) async throws {
        try await BackupScope.withOwnServer { scope, _ in
            try await scope.makeTables()
            // While this runs, nobody gets the lock on all tables, so the backup waits with its file begun.
            let long = Task { try await DatabaseConnection(scope.database).execute("UPDATE a SET t = SLEEP(300)") }
            try await scope.untilStatement(like: "UPDATE a SET t = SLEEP%")
            let outcome = try await scope.tool().run("backup", "--jobs", "2", "--format", "json") { process in
                try await eventually(within: .seconds(60)) { scope.files.contains { $0.hasPrefix(".partial-") } }
                kill(process, signal)
            }
            #expect(outcome.exitCode == expected)
            #expect(try outcome.failure.code == "INTERRUPTED")
            #expect(scope.files == [])
            long.cancel()
            _ = await long.result
            #expect(try await scope.tool().run("backup", "--jobs", "2").exitCode == 0)
        }
    }
}
