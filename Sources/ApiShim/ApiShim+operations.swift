import Logging
import OpsCore
import ServiceLifecycle

extension ApiShim {
    /// The routes of backups, jobs and administration, and what has to run for them.
    static func addOperations(
        to routes: ShimRoutes, _ options: Options, pool: DatabasePool, audit: AuditLog,
        listing: BackupListing
    ) -> [any Service] {
        let settings = options.settings
        let notifier = Notifier(settings)
        let runner = JobRunner(database: settings.database, logger: options.logger) { [logger = options.logger] job in
            for problem in await notifier.tell(job) { logger.warning("\(problem)", metadata: ["job": "\(job.id)"]) }
        }
        let maintenance = Maintenance(settings: settings, runner: runner, pool: pool)
        BackupController(settings: settings, listing: listing, maintenance: maintenance).addRoutes(to: routes)
        RestoreController(settings: settings, maintenance: maintenance).addRoutes(to: routes)
        JobController(store: runner.store, pool: pool).addRoutes(to: routes)
        AdminController(settings: settings, audit: audit, maintenance: maintenance).addRoutes(to: routes)
        MailController(settings: settings.mail).addRoutes(to: routes)
        PreflightController(options.inspection).addRoutes(to: routes)
        return [JobService(runner: runner, pool: pool)] + schedule(options, runner, pool: pool)
    }

    private static func schedule(_ options: Options, _ runner: JobRunner, pool: DatabasePool) -> [any Service] {
        options.settings.backups.schedule.map { schedule in
            let scheduler = BackupScheduler(
                schedule, settings: options.settings, runner: runner, pool: pool, logger: options.logger)
            return [ScheduleService(scheduler: scheduler)]
        } ?? []
    }
}
