import Logging
import OpsCore
import ServiceLifecycle

extension ApiShim {
    /// The routes of backups, jobs and administration, and what has to run for them.
    static func addOperations(
        to routes: ShimRoutes, _ settings: Settings, pool: DatabasePool, audit: AuditLog, logger: Logger
    ) -> [any Service] {
        let runner = JobRunner(database: settings.database, logger: logger)
        let maintenance = Maintenance(settings: settings, runner: runner, pool: pool)
        BackupController(settings: settings, maintenance: maintenance).addRoutes(to: routes)
        JobController(store: JobStore(database: settings.database.database), pool: pool).addRoutes(to: routes)
        AdminController(settings: settings, audit: audit).addRoutes(to: routes)
        return [JobService(runner: runner)] + schedule(settings, runner, pool: pool, logger: logger)
    }

    private static func schedule(
        _ settings: Settings, _ runner: JobRunner, pool: DatabasePool, logger: Logger
    ) -> [any Service] {
        settings.backups.schedule.map { schedule in
            let scheduler = BackupScheduler(
                schedule, settings: settings, runner: runner, pool: pool, logger: logger)
            return [ScheduleService(scheduler: scheduler)]
        } ?? []
    }
}
