import Foundation
import Testing

@testable import OpsCore

/// The frame that checks run in.
@Suite struct PreflightRunTests {
    private static let context = PreflightContext(
        PreflightOptions(
            settings: SettingsReader(environment: [:], workingDirectory: "/nonexistent", homeDirectory: "/nonexistent")
                .inspect()))

    private static func check(_ id: String, _ status: CheckStatus) -> Check {
        Check(id, "title of \(id)") { _ in CheckVerdict(status, "seen", expected: "wanted", remedy: "do this") }
    }

    private func run(_ checks: [Check], _ selection: CheckSelection = CheckSelection()) async throws -> CheckReport {
        try await Preflight(Self.context, checks: checks).run(selection)
    }

    @Test(.timeLimit(.minutes(2))) func oneThatHangsIsAnErrorAndHoldsNothingUp() async throws {
        let hanging = Check("X-1", "never answers", deadline: .milliseconds(200)) { _ in
            // Deaf to cancellation, as a blocking call is; it is let go when the process ends.
            await withCheckedContinuation { (_: CheckedContinuation<Void, Never>) in }
            return .pass("", expected: "")
        }
        let report = try await run([hanging, Self.check("X-2", .pass)])
        #expect(report.checks.map(\.status) == [.error, .pass])
        #expect(report.checks[0].observed.contains("no answer within"))
        #expect(report.checks[0].remedy?.contains("--only X-1") == true)
        #expect(report.status == .error)
        #expect(report.exitCode(failOnWarnings: false) == 3)
    }

    @Test func allRunAtTheSameTime() async throws {
        let meeting = Meeting(of: 20)
        let checks = (1...20).map { number in
            Check("X-\(number)", "waits for all others", deadline: .seconds(60)) { _ in
                await meeting.arrive()
                return .pass("met", expected: "")
            }
        }
        #expect(try await run(checks).status == .pass)
    }

    @Test func whatACheckThrowsIsAnErrorAndASkipIsASkip() async throws {
        let checks = [
            Check("X-1", "t") { _ in throw CheckSkipped("not here") },
            Check("X-2", "t") { _ in throw CheckNotPossible("broken", remedy: "mend it") },
            Check("X-3", "t") { _ in throw DatabaseError(number: 1142, sqlState: "42000", message: "SELECT denied") },
        ]
        let report = try await run(checks)
        #expect(report.checks.map(\.status) == [.skip, .error, .error])
        #expect(report.checks[1].remedy == "mend it")
        #expect(report.checks[2].remedy?.contains("grants --role monitor") == true)
    }

    @Test func theWorstStatusWinsAndDecidesTheExitCode() {
        func code(_ statuses: [CheckStatus], strict: Bool = false) -> Int32 {
            CheckReport(
                statuses.map { CheckResult(Self.check("X-1", $0), CheckVerdict($0, "", expected: ""), ms: 0) }
            ).exitCode(failOnWarnings: strict)
        }
        #expect(code([.pass, .skip]) == 0)
        #expect(code([.skip]) == 0)
        #expect(code([.pass, .warn]) == 0)
        #expect(code([.pass, .warn], strict: true) == 4)
        #expect(code([.warn, .fail], strict: true) == 3)
        #expect(code([.pass, .error]) == 3)
        #expect(CheckStatus.allCases.sorted() == [.skip, .pass, .warn, .error, .fail])
    }

    @Test func idsAndGroupsAreChosenAndLeftOut() async throws {
        let checks = [Self.check("A-1", .pass), Self.check("A-2", .fail), Self.check("B-1", .warn)]
        #expect(try await run(checks, CheckSelection(only: ["a"])).checks.map(\.id) == ["A-1", "A-2"])
        #expect(try await run(checks, CheckSelection(only: ["B-1"])).checks.map(\.id) == ["B-1"])
        let skipped = try await run(checks, CheckSelection(skip: ["A-2"]))
        #expect(skipped.checks.map(\.status) == [.pass, .skip, .warn])
        #expect(skipped.status == .warn)
        await #expect(throws: PreflightError.self) { try await run(checks, CheckSelection(only: ["C"])) }
        await #expect(throws: PreflightError.self) { try await run(checks, CheckSelection(skip: ["A-9"])) }
    }

    @Test func wrongSettingsAreReportedAndNotRefused() async throws {
        let reader = SettingsReader(
            environment: ["MYSQL_PORT": "many"], workingDirectory: "/nonexistent", homeDirectory: "/nonexistent")
        let context = PreflightContext(PreflightOptions(settings: reader.inspect()))
        let report = try await Preflight(context, checks: Preflight.allChecks).run(CheckSelection(only: ["DB"]))
        #expect(report.checks.allSatisfy { $0.status == .error })
        #expect(report.checks.allSatisfy { $0.observed.contains("MYSQL_PORT") })
    }

    @Test func idsAreUniqueAndEveryCheckHasATitle() {
        let ids = Preflight.allChecks.map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(Preflight.allChecks.allSatisfy { !$0.title.isEmpty })
    }
}

/// A place where everybody waits until all are there.
private actor Meeting {
    private let size: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(of size: Int) { self.size = size }

    func arrive() async {
        if waiting.count + 1 == size {
            for one in waiting { one.resume() }
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }
}
