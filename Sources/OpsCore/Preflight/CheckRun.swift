import Synchronization

/// One check under its deadline. A check that does not stop when it is cancelled is left behind: neither its result nor
/// the others wait for it.
struct CheckRun {
    private let check: Check
    private let context: PreflightContext

    init(_ check: Check, _ context: PreflightContext) {
        self.check = check
        self.context = context
    }

    func result() async -> CheckResult {
        let clock = ContinuousClock()
        let start = clock.now
        let verdict = await verdict()
        return CheckResult(check, verdict, ms: start.duration(to: clock.now).milliseconds)
    }

    private func verdict() async -> CheckVerdict {
        let first = FirstAnswer()
        let work = Task { [check, context] in
            do {
                first.give(try await check.run(context))
            } catch {
                first.give(Self.verdict(for: error, of: check))
            }
        }
        let timer = Task { [check] in
            try await Task.sleep(for: check.deadline)
            first.give(Self.late(check))
        }
        let verdict = await withTaskCancellationHandler {
            await withCheckedContinuation { first.wait($0) }
        } onCancel: {
            first.give(CheckVerdict(.error, "stopped by a signal", expected: "an answer"))
        }
        work.cancel()
        timer.cancel()
        return verdict
    }

    private static func late(_ check: Check) -> CheckVerdict {
        CheckVerdict(
            .error, "no answer within \(check.deadline)", expected: "an answer",
            remedy: "see whether the server or the file system behind it hangs, then: "
                + "sysndd-ctl preflight --only \(check.id)")
    }

    private static func verdict(for error: any Error, of check: Check) -> CheckVerdict {
        switch error {
        case let skipped as CheckSkipped: CheckVerdict(.skip, skipped.reason, expected: "")
        case let reason as CheckNotPossible:
            CheckVerdict(.error, reason.reason, expected: "an answer", remedy: reason.remedy)
        case let error as DatabaseError where error.kind == .accessDenied:
            CheckVerdict(
                .error, "the account may not look: \(error.message)", expected: "an account that may",
                remedy: "make one from `sysndd-ctl grants --role monitor`, and name it in PREFLIGHT_DATABASE_URL")
        case let error as any OperatorError:
            CheckVerdict(.error, error.message, expected: "an answer", remedy: error.hint)
        default: CheckVerdict(.error, "\(error)", expected: "an answer")
        }
    }
}

/// Takes the first of several answers.
private final class FirstAnswer: Sendable {
    private struct State {
        var answer: CheckVerdict?
        var waiter: CheckedContinuation<CheckVerdict, Never>?
    }

    private let state = Mutex(State())

    func give(_ answer: CheckVerdict) {
        let waiter: CheckedContinuation<CheckVerdict, Never>? = state.withLock { state in
            guard state.answer == nil else { return nil }
            state.answer = answer
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: answer)
    }

    func wait(_ continuation: CheckedContinuation<CheckVerdict, Never>) {
        let answer: CheckVerdict? = state.withLock { state in
            if state.answer == nil { state.waiter = continuation }
            return state.answer
        }
        if let answer { continuation.resume(returning: answer) }
    }
}
