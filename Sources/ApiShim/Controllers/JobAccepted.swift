import HTTPTypes
import Hummingbird
import OpsCore

/// The answer 202: the job runs, and here is where it can be watched.
struct JobAccepted: Encodable {
    let jobId: String
    let status = Job.Status.accepted
    let estimatedSeconds: Int
    let statusUrl: String

    init(_ job: Maintenance.Accepted) {
        jobId = job.id
        estimatedSeconds = job.estimatedSeconds
        statusUrl = "/api/jobs/\(job.id)/status"
    }

    /// Begins a job in the name of the caller.
    /// - Parameter subject: what it is about, for the audit.
    static func answer(
        _ context: ShimContext, about subject: String? = nil, _ begin: (String) async throws -> Maintenance.Accepted
    ) async throws -> Response {
        let account = context.identity?.userName ?? ""
        let job = try await refusing { try await begin(account) }
        context.audit.subject = [subject, job.id].compactMap { $0 }.joined(separator: " ")
        return try JobAccepted(job).response()
    }

    private func response() throws -> Response {
        var response = try ShimJSON.response(self, status: .accepted)
        response.headers[.location] = statusUrl
        response.headers[.retryAfter] = String(JobReport.pollSeconds)
        return response
    }
}
