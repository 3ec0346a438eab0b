import OpsCore
import ServiceLifecycle

/// Ends the jobs of this process when it is told to stop: each undoes what it has begun.
struct JobService: Service {
    let runner: JobRunner

    func run() async throws {
        // Told to stop or cancelled, the jobs have to end either way.
        try? await gracefulShutdown()
        await runner.shutDown()
    }
}
