import Foundation

extension BackupChecks {
    /// The next backup and a restore beside the live data will fit.
    enum Space: ObservedCheck {
        static let id = "BAK-206"
        static let title = "room for the next backup and for a shadow restore"

        struct Observation: Sendable {
            var folder: String
            /// All in bytes.
            var backup: FreeSpace
            var dataBytes: Int
            /// Free where the server keeps its data; nil where that is not seen from here.
            var serverFree: Int?
            /// Backups and data lie on one file system.
            var isShared: Bool
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let folder = try context.backups.folder()
            let database = context.settings.database.database
            let row = try await context.application.query(
                """
                SELECT CAST(SUM(DATA_LENGTH) AS CHAR), CAST(SUM(DATA_LENGTH + INDEX_LENGTH) AS CHAR)
                FROM information_schema.TABLES WHERE TABLE_SCHEMA = \(database) AND TABLE_TYPE = 'BASE TABLE'
                """
            ).first
            let ratio = try await context.backups.catalog().lastRatio(of: database)
            let backup = try FreeSpace(
                in: folder, needed: FreeSpace.estimate(dataBytes: row?.int(0) ?? 0, ratio: ratio))
            let ours = try await FileSystemSpace.of(context.backups.path)
            var server: FileSystemSpace?
            if let path = try? await ServerFolder.path(context) { server = try? await FileSystemSpace.of(path) }
            return Observation(
                folder: folder.path, backup: backup, dataBytes: row?.int(1) ?? 0, serverFree: server?.free,
                isShared: server?.device == ours.device)
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let size = DatabaseChecks.size
            let remedy = "sysndd-ctl backup prune --dry-run; df -h \(observed.folder)"
            var findings: [CheckVerdict.Finding] = []
            if !observed.backup.isEnough {
                findings.append(
                    .init(
                        .fail,
                        "the next backup needs about \(size(observed.backup.needed)), free are "
                            + size(observed.backup.available), remedy: remedy))
            }
            let restore = observed.dataBytes + observed.dataBytes / 5 + (observed.isShared ? observed.backup.needed : 0)
            if let free = observed.serverFree, free < restore {
                findings.append(
                    .init(
                        .fail, "a restore beside the live data needs about \(size(restore)), free are \(size(free))",
                        remedy: "make room on the server's disk; until then: sysndd-ctl restore --mode in-place"))
            }
            let server = observed.serverFree.map { "\(size($0)) free for \(size(restore))" } ?? "not seen from here"
            return .worst(
                of: findings,
                otherwise: "backups: \(size(observed.backup.available)) free for \(size(observed.backup.needed)); "
                    + "restore: \(server)", expected: "room for the next backup and for a second copy of the data")
        }
    }

    /// Nobody else can read or change the backups.
    enum Permissions: ObservedCheck {
        static let id = "BAK-207"
        static let title = "the backup folder is 0700, its files are 0600"

        struct Observation: Sendable {
            var folder: String
            var folderProblems: [String]
            /// `name (644)`
            var openFiles: [String]
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let folder = try context.backups.folder()
            return try await BlockingCall.run {
                let open = try folder.entries().compactMap { entry -> String? in
                    guard let mode = folder.information(entry.name.text)?.st_mode, mode & 0o077 != 0 else { return nil }
                    return "\(entry.name) (\(String(mode & 0o777, radix: 8)))"
                }
                return Observation(
                    folder: folder.path, folderProblems: folder.permissionProblems(), openFiles: open.sorted())
            }
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            var findings = observed.folderProblems.map {
                CheckVerdict.Finding(.fail, $0, remedy: "chmod 700 \(observed.folder)")
            }
            if !observed.openFiles.isEmpty {
                findings.append(
                    .init(
                        .fail, "files that others may read: \(DatabaseChecks.list(observed.openFiles))",
                        remedy: "chmod 600 \(observed.folder)/*.sql*"))
            }
            return .worst(of: findings, otherwise: "0700 and 0600", expected: "0700 and 0600, owned by this account")
        }
    }

    /// One broken disk does not take both.
    enum OtherDisk: ObservedCheck {
        static let id = "BAK-208"
        static let title = "backups are on another file system than the data"

        struct Observation: Sendable {
            var backups: String
            var data: String
            var isSame: Bool
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            _ = try context.backups.folder()
            let data = try await ServerFolder.path(context)
            let isSame =
                try await FileSystemSpace.of(data).device == FileSystemSpace.of(context.backups.path).device
            return Observation(backups: context.backups.path, data: data, isSame: isSame)
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let expected = "two file systems, better two machines"
            let text =
                "\(observed.backups) and \(observed.data) are on \(observed.isSame ? "the same" : "different") "
                + "file systems"
            return observed.isSame
                ? .warn(
                    text, expected: expected, remedy: "mount another disk for BACKUP_DIR, or copy the backups elsewhere"
                )
                : .pass(text, expected: expected)
        }
    }
}
