/// Where the logs of a server stood at one moment, as far as the account may know; every part may be missing.
public struct SnapshotPosition: Sendable, Equatable, Codable {
    /// The binary log file being written.
    @EncodedAsNull public var binlogFile: String?
    /// The offset in it.
    @EncodedAsNull public var binlogPosition: Int?
    /// The global transaction ids up to then, in the flavour's own form.
    @EncodedAsNull public var gtid: String?

    enum CodingKeys: String, CodingKey {
        case binlogFile = "binlog_file"
        case binlogPosition = "binlog_position"
        case gtid
    }

    init(binlogFile: String? = nil, binlogPosition: Int? = nil, gtid: String? = nil) {
        self.binlogFile = binlogFile
        self.binlogPosition = binlogPosition
        self.gtid = gtid
    }

    /// On one line; nil when nothing is known.
    var text: String? {
        let log = binlogFile.map { "\($0):\(binlogPosition ?? 0)" }
        let parts = [log, gtid.map { "gtid \($0)" }].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    /// The position that belongs to the snapshot of `session`, exactly: MariaDB keeps it with each snapshot, and needs no
    /// privilege for it. Empty where nothing is logged, and on MySQL.
    static func inBinlog(of session: MariaDBHandle) throws -> SnapshotPosition {
        var position = SnapshotPosition()
        for row in try session.query("SHOW STATUS LIKE 'binlog_snapshot_%'") {
            switch row.text(0)?.lowercased() {
            case "binlog_snapshot_file": position.binlogFile = row.text(1).flatMap { $0.isEmpty ? nil : $0 }
            case "binlog_snapshot_position": position.binlogPosition = row.int(1)
            default: break
            }
        }
        return position.binlogFile == nil ? SnapshotPosition() : position
    }

    /// The same with its global transaction id; the server reads through the log file to find that out.
    static func ofSnapshot(_ session: MariaDBHandle) throws -> SnapshotPosition {
        var position = try inBinlog(of: session)
        guard let file = position.binlogFile, let offset = position.binlogPosition else { return position }
        position.gtid = try session.query("SELECT BINLOG_GTID_POS(\(file), \(offset))").first?.text(0)
        return position
    }

    /// The position of a MySQL server now; it belongs to a snapshot only while nothing can be committed.
    static func ofServer(_ session: MariaDBHandle) throws -> SnapshotPosition {
        let gtid = try session.query("SELECT @@GLOBAL.gtid_executed").first?.text(0)
        // Needs REPLICATION CLIENT; the first is the name of the statement from 8.2 on.
        let rows = ["SHOW BINARY LOG STATUS", "SHOW MASTER STATUS"].lazy
            .compactMap { try? session.query(SQLQuery(unquoted: $0)) }
        let row = rows.first?.first
        return SnapshotPosition(
            binlogFile: row?.text(0), binlogPosition: row?.int(1),
            gtid: gtid.flatMap { $0.isEmpty ? nil : $0.replacing("\n", with: "") })
    }
}
