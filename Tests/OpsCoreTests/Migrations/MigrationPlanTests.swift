import Foundation
import Testing

@testable import OpsCore

@Suite struct MigrationPlanTests {
    private let set: MigrationSet

    init() throws {
        set = try MigrationSet(directory: "m", names: ["000_a.sql", "001_b.sql", "002_c.sql", "005_d.sql"])
    }

    private func ledger(_ applied: [String], failed: [String] = []) -> MigrationLedger {
        let date = Date(timeIntervalSince1970: 1_700_000_000)
        return MigrationLedger(
            exists: true,
            entries: applied.map { .init(filename: $0, appliedAt: date, success: true) }
                + failed.map { .init(filename: $0, appliedAt: date, success: false) })
    }

    @Test func withoutALedgerEverythingIsPendingInOrder() throws {
        let plan = try MigrationPlan(set, .empty)
        #expect(plan.pending.map(\.name) == ["000_a.sql", "001_b.sql", "002_c.sql", "005_d.sql"])
        #expect(plan.latestApplied == nil)
    }

    @Test func appliedFilesAreNotPending() throws {
        let plan = try MigrationPlan(set, ledger(["000_a.sql", "001_b.sql"]))
        #expect(plan.pending.map(\.name) == ["002_c.sql", "005_d.sql"])
        #expect(plan.latestApplied == "001_b.sql")
        #expect(plan.outOfOrder.isEmpty)
    }

    @Test func aRowWithoutSuccessDoesNotCountAsApplied() throws {
        let plan = try MigrationPlan(set, ledger(["000_a.sql"], failed: ["001_b.sql"]))
        #expect(plan.pending.map(\.name) == ["001_b.sql", "002_c.sql", "005_d.sql"])
        #expect(plan.migrations.first { $0.file == "001_b.sql" }?.state == .failed)
        #expect(MigrationStatus(set, plan, holder: nil).exitStatus == .drift)
    }

    @Test func aPendingNumberBelowTheNewestAppliedIsRefusedUnlessAllowed() throws {
        let plan = try MigrationPlan(set, ledger(["000_a.sql", "002_c.sql"]))
        #expect(plan.outOfOrder == ["001_b.sql"])
        let error = #expect(throws: MigrationError.self) { try plan.checkOrder(allowOutOfOrder: false) }
        #expect(error?.message.contains("001_b.sql") == true)
        try plan.checkOrder(allowOutOfOrder: true)
    }

    @Test func aTargetLeavesLaterFilesOutAndMustExist() throws {
        #expect(try MigrationPlan(set, .empty, upTo: 1).pending.map(\.name) == ["000_a.sql", "001_b.sql"])
        let error = #expect(throws: MigrationError.self) { try MigrationPlan(set, .empty, upTo: 4) }
        #expect(error?.exitStatus == .usage)
    }

    @Test func ledgerFilesThatAreNotInTheFolderAreMissing() throws {
        let plan = try MigrationPlan(set, ledger(["000_a.sql", "099_gone.sql"]))
        #expect(plan.missing == ["099_gone.sql"])
        #expect(plan.migrations.last?.state == .missing)
        #expect(plan.migrations.last?.version == 99)
        #expect(MigrationStatus(set, plan, holder: nil).applied == 2)
    }

    @Test func theStatusEndsWithTheContractsCodes() throws {
        let done = try MigrationPlan(set, ledger(set.files.map(\.name)))
        #expect(MigrationStatus(set, done, holder: nil).exitStatus == .done)
        #expect(MigrationStatus(set, try MigrationPlan(set, .empty), holder: nil).exitStatus == .pending)
    }

    @Test func theStatusIsWrittenWithTheContractsNames() throws {
        let plan = try MigrationPlan(set, ledger(["000_a.sql"]))
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let data = try encoder.encode(MigrationStatus(set, plan, holder: nil))
        let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(
            Set(object.keys) == [
                "applied", "pending", "failed", "drifted", "missing", "out_of_order", "latest_applied", "latest_file",
                "lock", "unmet", "migrations",
            ])
        #expect(object["latest_applied"] as? String == "000_a.sql")
        #expect((object["lock"] as? [String: Any])?["holder"] is NSNull)
        let items = try #require(object["migrations"] as? [[String: Any]])
        #expect(Set(items[1].keys) == ["file", "version", "state", "applied_at"])
        #expect(items[0]["applied_at"] as? String == "2023-11-14T22:13:20Z")
        #expect(items[1]["applied_at"] is NSNull)
    }
}
