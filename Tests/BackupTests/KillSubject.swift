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
    /// How long each stage takes.
    let durations: [KillStage: Duration]

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
        let oldDump = try await scope.dumped()
        var subject = KillSubject(scope: scope, server: server, new: new, old: old, oldDump: oldDump, durations: [:])
        subject = KillSubject(
            scope: scope, server: server, new: new, old: old, oldDump: oldDump, durations: try await subject.measured())
        return subject
    }

    /// One whole restore and its undoing, to know when to kill.
    private func measured() async throws -> [KillStage: Duration] {
        var durations: [KillStage: Duration] = [:]
        let run = try KillRun(["restore", "latest", "--confirm", "RESTORE"], scope)
        let task = Task { try await run.end { _ in } }
        var last = ContinuousClock.now
        for (stage, following) in zip(KillStage.allCases.dropLast(2), KillStage.allCases.dropFirst()) {
            try await run.until(following)
            durations[stage] = ContinuousClock.now - last
            last = ContinuousClock.now
        }
        try await task.value
        durations[.swap] = ContinuousClock.now - last
        last = ContinuousClock.now
        try await command("restore", "undo", "--confirm", "UNDO")
        durations[.undo] = ContinuousClock.now - last
        try await clear()
        return durations
    }

    /// Kills once, looks at the database, runs the next command, looks again, and puts everything back.
    func round(
        _ victim: KillVictim, at stage: KillStage, after fraction: Double, next: String
    ) async throws -> KillOutcome {
        if stage == .undo { try await command("restore", "latest", "--confirm", "RESTORE") }
        let arguments = stage == .undo ? ["undo", "--confirm", "UNDO"] : ["latest", "--confirm", "RESTORE"]
        let run = try KillRun(["restore"] + arguments, scope)
        let delay = (durations[stage] ?? .zero) * fraction
        let number = try #require(try await server.server.status().pid)
        try await run.end { process in
            try await run.until(stage)
            try await Task.sleep(for: delay)
            kill(victim == .process ? process : number, SIGKILL)
        }
        if victim == .server { _ = try await server.server.start() }
        try await eventually(within: .seconds(60)) { try await scope.restore.status().holder == nil }
        let atOnce = try await rowState()
        let status = try await scope.restore.status()
        #expect(status.restores.allSatisfy { !$0.explanation.isEmpty && !$0.choices.isEmpty })
        // Nothing is left to undo when it was killed before anything was begun, or after an undo.
        try await command("restore", next, allowing: next == "undo" && !status.restores.contains(where: \.isOpen))
        let then = try await state()
        if then == .mixture { try await recordMixture("\(victim) killed in \(stage) after \(delay), then \(next)") }
        if next == "undo", stage != .undo { #expect(then == .old) }
        try await clear()
        return KillOutcome(atOnce: atOnce, next: next, then: then)
    }

    /// Says what differs from the old state.
    private func recordMixture(_ occasion: String) async throws {
        let difference = try await scope.dumped().difference(from: oldDump)
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
        if try await state() == .new { try await command("restore", "undo", "--confirm", "UNDO") }
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
    private func command(_ arguments: String..., allowing mayFail: Bool = false) async throws {
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
