import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// Damage of a real archive, with every kind of member in it, is found and named.
@Suite struct BackupDamageTests {
    private func withArchive(_ target: TestTarget, _ body: (String, ArchiveReader) async throws -> Void) async throws {
        try await BackupScope.with(on: target) { scope in
            try await SchemaOracle(target: target).loadCorpus(into: scope.database)
            // False ones, in the way of the true.
            try await scope.execute("DROP TABLE sysndd_ctl_lease, sysndd_ctl_jobs")
            let result = try await scope.backup.create(.init(jobs: 2))
            try await body(result.file, ArchiveReader(path: result.file))
        }
    }

    @Test(arguments: TestTarget.all)
    func aFlippedByteInEachKindOfMemberIsNamed(_ target: TestTarget) async throws {
        try await withArchive(target) { path, reader in
            let members = try reader.index().members
            let kinds = Set(members.map(\.kind))
            var expected: Set<ArchiveMemberKind> = [.header, .table, .rows, .routine, .view, .trigger, .event, .footer]
            if !target.isMySQL { expected.formUnion([.sequence, .package]) }
            #expect(kinds == expected)
            for kind in kinds {
                let number = try #require(members.lastIndex { $0.kind == kind })
                let member = members[number]
                for offset in [0, member.location.length / 2, member.location.length - 1] {
                    let bad = try await damage(path, at: member.location.offset + offset)
                    #expect(bad.map(\.member) == ["\(kind) \(number + 1)"])
                    #expect(bad.map(\.object) == [member.object])
                }
            }
        }
    }

    @Test func aFlippedByteInWhatHoldsItTogetherIsNamed() async throws {
        try await withArchive(.embedded) { path, reader in
            let index = reader.summary.index
            let end = index.offset + index.length
            for (part, range) in [
                ("signature", 0..<ArchiveFormat.signature.count), ("index", index.offset..<end),
                ("summary", end..<reader.size - ArchiveTrailer.length),
                ("trailer", reader.size - ArchiveTrailer.length..<reader.size),
            ] {
                for offset in [range.lowerBound, (range.lowerBound + range.upperBound) / 2, range.upperBound - 1] {
                    let bad = try await damage(path, at: offset)
                    #expect(bad.map(\.member) == [part], "byte \(offset)")
                }
            }
        }
    }

    @Test func aCutAnywhereIsFound() async throws {
        try await withArchive(.embedded) { path, reader in
            let starts = try reader.index().members.map(\.location.offset) + [reader.summary.index.offset]
            let borders = [0] + starts + [reader.size - ArchiveTrailer.length, reader.size]
            let middles = zip(borders, borders.dropFirst()).map { ($0 + $1) / 2 }
            let cuts = Set(borders.dropLast() + middles + [reader.size - 1]).sorted(by: >)
            #expect(cuts.count > 300)
            let copy = path + ".cut"
            try FileManager.default.copyItem(atPath: path, toPath: copy)
            for length in cuts {
                #expect(truncate(copy, off_t(length)) == 0)
                let finding = try await BackupVerifier.verify(path: copy)
                #expect(!finding.ok, "cut to \(length) bytes")
            }
        }
    }

    /// What a verification says of a copy with one byte changed.
    private func damage(_ path: String, at offset: Int) async throws -> [BackupVerifier.Finding.Bad] {
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[offset] ^= 0x10
        let copy = path + ".damaged"
        try bytes.write(to: URL(filePath: copy))
        let finding = try await BackupVerifier.verify(path: copy)
        #expect(!finding.ok)
        return finding.bad
    }
}
