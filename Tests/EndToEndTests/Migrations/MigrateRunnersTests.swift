import OpsCore
import TestSupport
import Testing

/// Many runners at once.
@Suite struct MigrateRunnersTests {
    @Test(arguments: TestTarget.all)
    func sixteenRunnersAtOnceRunEveryStatementOnce(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { try await RunnerRace.run([$0], each: 16) }
    }

    @Test(arguments: TestTarget.all)
    func aKilledHolderIsReplacedWithinFiveSeconds(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { database in
            let duration = try await RunnerRace.takeover(from: database, to: database)
            print("\(target): the next runner had the lease \(duration) after the holder was killed")
            #expect(duration < .seconds(5))
        }
    }
}
