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

    func response() throws -> Response {
        var response = try ShimJSON.response(self, status: .accepted)
        response.headers[.location] = statusUrl
        response.headers[.retryAfter] = String(JobReport.pollSeconds)
        return response
    }
}
