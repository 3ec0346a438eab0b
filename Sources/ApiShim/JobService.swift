import OpsCore
import ServiceLifecycle

/// Looks after jobs: tells of those whose process died, and ends those of this process when it is told to stop, each of
/// which undoes what it has begun.
struct JobService: Service {
    let runner: JobRunner
    let pool: DatabasePool

    func run() async throws {
        async let watching: Void = cancelWhenGracefulShutdown { await runner.watch(over: pool) }
        // Told to stop or cancelled, the jobs have to end either way.
        try? await gracefulShutdown()
        await runner.shutDown()
        await watching
    }
}
