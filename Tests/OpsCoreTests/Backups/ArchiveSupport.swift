import Foundation

@testable import OpsCore

/// A folder of its own for a test, gone afterwards.
final class ArchiveTestFolder: Sendable {
    let path: String
    let folder: ArchiveFolder

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "archive-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        folder = try ArchiveFolder(path: path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Every name in the folder, sorted.
    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
        try Data(bytes).write(to: URL(filePath: file(name)))
    }

    func read(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: file(name)))) }
}

extension ArchiveSource {
    static let sample = ArchiveSource(
        createdAt: Date(timeIntervalSince1970: 1_700_000_000), database: "genes",
        server: Server(flavour: "MariaDB", version: "10.11.6-MariaDB"),
        snapshot: Snapshot(method: "global-lock", isConsistent: true, position: "0-1-77"), schemaFingerprint: "abc")
}

/// The members of a small archive: what each holds, and its SQL.
let sampleMembers: [(label: MemberLabel, sql: String)] = [
    (MemberLabel(.header), "SET NAMES utf8mb4;\n"),
    (MemberLabel(.table, object: "gene"), "CREATE TABLE `gene` (id INT PRIMARY KEY);\n"),
    (
        MemberLabel(.rows, object: "gene", rows: 3, rowChecksum: "0000000000000007", range: "1 to 3"),
        "INSERT INTO `gene` VALUES (1),(2),(3);\n"
    ),
    (MemberLabel(.table, object: "gène`s"), "CREATE TABLE `gène``s` (id INT);\n"),
    (MemberLabel(.view, object: "v"), "CREATE VIEW `v` AS SELECT 1;\n"),
]

extension MemberCompressor {
    func compress(_ sql: String, as label: MemberLabel) -> ArchiveMember {
        Array(sql.utf8).withUnsafeBytes { compress($0, as: label) }
    }
}

/// Writes a small archive.
@discardableResult
func writeSample(
    _ name: String, in folder: ArchiveFolder, members: [(label: MemberLabel, sql: String)] = sampleMembers,
    level: ArchiveLevel = .standard
) async throws -> ArchiveResult {
    let writer = try await ArchiveWriter(name, in: folder)
    let compressor = MemberCompressor(level: level)
    for member in members { try await writer.append(compressor.compress(member.sql, as: member.label)) }
    return try await writer.finish(.sample, completedAt: Date(timeIntervalSince1970: 1_700_000_100))
}

/// Runs a program and waits for it.
func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: [UInt8]) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let bytes = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    return (process.terminationStatus, bytes)
}
