import OpsCore
import ServiceLifecycle

/// Makes scheduled backups for as long as the shim runs.
struct ScheduleService: Service {
    let scheduler: BackupScheduler

    func run() async throws {
        await cancelWhenGracefulShutdown { await scheduler.run() }
    }
}
