import DevStack
import Foundation
import Subprocess
import TestSupport
import Testing

@testable import OpsCore

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A database with a backup that differs from it, on a server that may be killed.
struct KillSubject {
    let scope: BackupScope
    let server: TestServer
    /// What is in the backup.
    let new: RestoreState
    /// What is in the database.
    let old: RestoreState
    let oldDump: [Substring]

    static func make(_ scope: BackupScope, _ server: TestServer) async throws -> KillSubject {
        try await scope.fillSmall()
        try await scope.execute(
            "CREATE TABLE large (id INT PRIMARY KEY AUTO_INCREMENT, t TEXT)",
            "INSERT INTO large (t) SELECT REPEAT('abcdefgh', 250) FROM seq_1_to_4000")
        _ = try await scope.backup.create()
        let new = try await RestoreState(scope)
        try await scope.spoil()
        try await scope.execute("DELETE FROM large WHERE id > 3000", "UPDATE large SET t = 'old' WHERE id < 50")
        let old = try await RestoreState(scope)
        return KillSubject(scope: scope, server: server, new: new, old: old, oldDump: try await scope.dumped())
    }

    private static func restoring(_ mode: Restore.Mode) -> [String] {
        ["restore", "latest", "--confirm", "RESTORE", "--mode", mode.rawValue]
    }

    /// How long each stage takes of one whole restore and of its undoing, to know when to kill.
    func measured(_ mode: Restore.Mode) async throws -> [KillStage: Duration] {
        var durations: [KillStage: Duration] = [:]
        let stages = KillStage.all(of: mode)
        let run = try KillRun(Self.restoring(mode), scope)
        let task = Task { try await run.end { _ in } }
        var last = ContinuousClock.now
        for (stage, following) in zip(stages.dropLast(2), stages.dropFirst()) {
            try await run.until(following)
            durations[stage] = ContinuousClock.now - last
            last = ContinuousClock.now
        }
        try await task.value
        durations[stages[stages.count - 2]] = ContinuousClock.now - last
        last = ContinuousClock.now
        try await command("restore", "undo")
        durations[.undo] = ContinuousClock.now - last
        try await clear()
        return durations
    }

    /// Kills once, looks at the database, runs the next command, looks again, and puts everything back.
    func round(
        _ occasion: KillOccasion, after delay: Duration, next: String
    ) async throws -> KillOutcome {
        let (victim, stage) = (occasion.victim, occasion.stage)
        let restoring = Self.restoring(occasion.mode)
        if stage == .undo { try await command(restoring) }
        let run = try KillRun(stage == .undo ? ["restore", "undo", "--confirm", "UNDO"] : restoring, scope)
        let number = try #require(try await server.server.status().pid)
        try await run.end { process in
            try await run.until(stage)
            try await Task.sleep(for: delay)
            kill(victim == .process ? process : number, SIGKILL)
        }
        if victim == .server { _ = try await server.server.start() }
        try await eventually(within: .seconds(60)) { try await scope.restore.status().holder == nil }
        let status = try await scope.restore.status()
        let began = status.restores.last?.state ?? "nothing"
        var atOnce = try await rowState()
        if atOnce == .mixture, began == "in_place_unfinished" { atOnce = .half }
        #expect(status.restores.allSatisfy { !$0.explanation.isEmpty && !$0.choices.isEmpty })
        // Nothing is left to undo when it was killed before anything was begun, or after an undo.
        try await command(["restore", next], allowing: next == "undo" && !status.restores.contains(where: \.isOpen))
        let then = try await state()
        let outcome = KillOutcome(atOnce: atOnce, began: began, next: next, then: then)
        if then == .mixture { try await recordMixture("\(occasion), after \(delay), \(next)") }
        if next == "undo" { #expect(then == .old, "\(occasion), after \(delay): \(outcome)") }
        // What was begun is finished, and not only taken back.
        if stage != .undo, outcome.isResumed { #expect(then == .new, "\(occasion), after \(delay): \(outcome)") }
        try await clear()
        return outcome
    }

    /// Says what differs from the old state.
    private func recordMixture(_ occasion: String) async throws {
        let found = try await scope.dumped(without: Set(RestoreJournal.tables))
        let difference = found.difference(from: oldDump)
        Issue.record("\(occasion): a mixture, which differs from the old state in \(Array(difference))")
    }

    /// By the rows of all tables: triggers, views and the like may be missing before the next command.
    private func rowState() async throws -> KillOutcome.State {
        let rows = try await BackupScope.checksums(scope.database)
        return rows == old.rows ? .old : rows == new.rows ? .new : .mixture
    }

    /// By everything.
    private func state() async throws -> KillOutcome.State {
        let state = try await RestoreState(scope)
        return state == old ? .old : state == new ? .new : .mixture
    }

    /// The old state, and no schema beside it.
    private func clear() async throws {
        if try await state() == .new { try await command("restore", "undo") }
        while try await !scope.restore.status().restores.isEmpty {
            try await command("restore", "discard", "--confirm", "DISCARD")
        }
        #expect(try await state() == .old)
        #expect(try await scope.scratchSchemas() == [])
        for name in scope.files where name.hasPrefix("pre-restore_") {
            try FileManager.default.removeItem(atPath: "\(scope.folder)/\(name)")
        }
    }

    /// Runs a command that has to succeed, once nobody is busy any more.
    private func command(_ arguments: String...) async throws { try await command(arguments) }

    private func command(_ arguments: [String], allowing mayFail: Bool = false) async throws {
        let confirmation = arguments.last == "undo" ? ["--confirm", "UNDO"] : []
        var outcome = Tool.Outcome()
        try await eventually(within: .seconds(60)) {
            outcome = try await scope.tool().run(arguments + confirmation)
            return outcome.exitCode != ExitStatus.busy.rawValue
        }
        #expect(outcome.exitCode == 0 || mayFail, "\(arguments): \(outcome.output) \(outcome.errorOutput)")
    }
}

extension RestoreStatus.Item {
    /// Something that can be undone.
    fileprivate var isOpen: Bool { state != "undone" }
}

/// One run of the tool whose lines can be read while it runs.
struct KillRun: Sendable {
    private let arguments: [String]
    private let scope: BackupScope
    private let path: String

    init(_ arguments: [String], _ scope: BackupScope) throws {
        self.arguments = arguments
        self.scope = scope
        path = "\(scope.parent)/errors"
        try Data().write(to: URL(filePath: path))
    }

    /// Waits until the tool has told that a stage begins.
    func until(_ stage: KillStage) async throws {
        guard stage != .undo else { return }
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
            if text.split(separator: "\n").contains(where: { $0.hasPrefix(stage.rawValue) }) { return }
            try await Task.sleep(for: .milliseconds(2))
        }
        Issue.record("\(stage) was not reached: \(try String(contentsOf: URL(filePath: path), encoding: .utf8))")
    }

    /// Runs it to its end, or to that of whatever `body` kills.
    func end(meanwhile body: @escaping @Sendable (Int32) async throws -> Void) async throws {
        let tool = scope.tool()
        var variables = tool.environment.merging(["PATH": "/usr/bin:/bin", "HOME": scope.parent]) { first, _ in first }
        variables["NO_COLOR"] = "1"
        _ = try await Subprocess.run(
            .path(FilePath(Tool.path)), arguments: Arguments(arguments),
            environment: .custom(
                Dictionary(uniqueKeysWithValues: variables.map { (Environment.Key(stringLiteral: $0.key), $0.value) })),
            workingDirectory: FilePath(scope.parent), input: .none, output: .discarded,
            error: .fileDescriptor(try .open(path, .writeOnly), closeAfterSpawningProcess: true)
        ) { execution in
            try await body(execution.processIdentifier.value)
        }
    }
}
