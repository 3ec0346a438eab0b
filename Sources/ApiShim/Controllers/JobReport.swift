import Foundation
import OpsCore

/// A job as it is told: everything to an administrator, to others no result and no reason.
struct JobReport: Encodable {
    /// How long a client should wait before it asks again.
    static let pollSeconds = 5

    struct Progress: Encodable {
        var current: Int
        @EncodedAsNull var total: Int?
    }

    var jobId: String
    var operation: Job.Operation
    var status: Job.Status
    var step: String
    var progress: Progress
    var submittedAt: String
    var elapsedSeconds: Int
    /// While it runs only.
    var estimatedSeconds: Int?
    var retryAfter: Int?
    /// Once it is over only.
    var completedAt: String?
    var result: JSONValue?
    var error: JSONValue?

    init(_ job: Job, isForAdministrator: Bool) {
        jobId = job.id
        operation = job.operation
        // Between the two there is nothing that a client could do with the difference.
        status = job.status == .accepted ? .running : job.status
        step = job.progress.step
        progress = Progress(current: job.progress.current, total: job.progress.total)
        submittedAt = job.submittedAt.formatted(.iso8601)
        elapsedSeconds = Int(job.duration)
        guard job.status.isFinal else {
            estimatedSeconds = job.remainingSeconds ?? Self.pollSeconds
            retryAfter = Self.pollSeconds
            return
        }
        completedAt = job.completedAt?.formatted(.iso8601)
        error = job.failure.map { Self.error($0, isForAdministrator) } ?? .null
        if job.status == .completed { result = isForAdministrator ? Self.value(job.result) : .null }
    }

    private static func error(_ failure: Job.Failure, _ isForAdministrator: Bool) -> JSONValue {
        let message = isForAdministrator ? failure.message : "the job failed; an administrator can see why"
        return .object(["code": .text(failure.code), "message": .text(message)])
    }

    private static func value(_ json: String?) -> JSONValue {
        json.flatMap { try? JSONDecoder().decode(JSONValue.self, from: Data($0.utf8)) } ?? .null
    }
}
