import Testing

@testable import OpsCore

/// DB-030: the sum and where its terms come from.
@Suite struct ConnectionBudgetTests {
    private static let backup = ConnectionBudget.Term("backup", pool: 2, source: "test")

    private func budget(_ pool: Int, maximum: Int) -> ConnectionBudget {
        ConnectionBudget(
            services: [.init("api", pool: pool, source: "test")], backupJobs: Self.backup, maximum: maximum)
    }

    @Test func needIsTheSumOfServicesOwnWorkAndHeadroom() {
        let services = ConnectionBudget.defaultServices(pool: (5, "default"))
        #expect(services.map(\.connections) == [10, 3, 5, 5, 1, 1, 1])
        let budget = ConnectionBudget(services: services, backupJobs: Self.backup, maximum: 151)
        // 26 + backup 2 + migrate 2 + shim 2 + monitoring 3 = 35; a fifth of it is 7.
        #expect(budget.need == 42)
        #expect(budget.terms.last?.connections == 7)
        #expect(budget.terms.suffix(5).map(\.name) == ["backup", "migrate", "shim", "monitoring", "headroom"])
        #expect(budget.status == .pass)
    }

    @Test func everyReplicaOfTheShimHasTwoSessionsOutsideItsPool() throws {
        func need(_ shims: Int) -> Int {
            ConnectionBudget(
                services: [.init("a", pool: 20, source: "test")], shims: shims, backupJobs: Self.backup, maximum: 100
            ).need
        }
        // 20 + backup 2 + migrate 2 + monitoring 3 = 27, the shims, and a fifth, rounded up.
        #expect(need(1) == 29 + 6)
        #expect(need(4) == 35 + 7)
        func shims(_ services: String) throws -> Int {
            ConnectionBudget.shims(
                of: try ComposeFile(parsing: "services: {\(services)}", path: "compose.yml", variables: [:]))
        }
        #expect(try shims("a: {image: nginx}") == 1)
        #expect(try shims("a: {image: 'host:5000/ops/sysndd-ctl:1', deploy: {replicas: 3}}") == 3)
        #expect(try shims("a: {image: 'sysndd-ctl@sha256:0', command: [serve], scale: 2}, b: {image: sysndd-ctl}") == 3)
        #expect(try shims("a: {image: 'sysndd-ctl:1', command: [backup, create], scale: 5}") == 1)
        #expect(try shims("a: {image: 'not-sysndd-ctl:1', scale: 5}") == 1)
    }

    @Test func headroomIsAtLeastFiveAndRoundsUp() {
        #expect(budget(1, maximum: 100).terms.last?.connections == 5)  // a fifth of 10 is 2
        #expect(budget(17, maximum: 100).terms.last?.connections == 6)  // a fifth of 26 is 5.2
    }

    @Test func aboveFourFifthsIsAWarningAboveTheLimitAFailure() {
        let need = budget(11, maximum: 1).need
        #expect(need == 25)
        #expect(budget(11, maximum: 24).status == .fail)
        #expect(budget(11, maximum: 25).status == .warn)
        #expect(budget(11, maximum: 31).status == .warn)
        #expect(budget(11, maximum: 32).status == .pass)
    }

    @Test func theTableShowsEveryTermWithItsSource() {
        let verdict = DatabaseChecks.Budget.judge(budget(20, maximum: 30))
        #expect(verdict.status == .fail)
        #expect(verdict.observed.contains("api         1 × 1 × 20   =   20  test"))
        for word in ["backup", "migrate", "shim", "monitoring", "headroom", "need", "max_connections = 30"] {
            #expect(verdict.observed.contains(word))
        }
        #expect(verdict.remedy?.hasPrefix("SET GLOBAL max_connections = 50;") == true)
    }

    @Test func servicesOfAComposeFileAreCountedWithTheirReplicasAndPools() throws {
        let text = """
            services:
              db: {image: "mysql:8.4", environment: {MYSQL_DATABASE: d}}
              web: {image: nginx}
              shim:
                image: shim
                deploy: {replicas: 4}
                environment:
                  - DATABASE_URL_FILE=/run/secrets/url
                  - DB_POOL_SIZE=${POOL:-5}
              api:
                image: api
                labels: {sysndd-ctl.processes: 2, sysndd-ctl.pool: "7"}
              worker:
                image: worker
                environment: {MYSQL_HOST: db}
            """
        let file = try ComposeFile(parsing: text, path: "compose.yml", variables: ["POOL": "6"])
        let terms = ConnectionBudget.services(of: file, defaultPool: 5)
        #expect(terms.map(\.name) == ["api", "shim", "worker"])
        #expect(terms.map(\.connections) == [14, 24, 5])
        #expect(
            terms.map(\.source) == [
                "compose.yml, label sysndd-ctl.pool", "compose.yml, its DB_POOL_SIZE",
                "compose.yml, default of DB_POOL_SIZE",
            ])
    }

    @Test func variablesOfAComposeFileArePutIn() {
        let interpolation = ComposeInterpolation(["A": "1", "EMPTY": ""])
        #expect(interpolation.text("${A}-$A-${B}-${B:-x}-${EMPTY:-y}-${EMPTY-z}-$$A-$") == "1-1--x-y--$A-$")
    }

    @Test func aComposeFileThatIsNoneIsToldWithoutItsContent() {
        #expect(throws: CheckNotPossible.self) {
            try ComposeFile(parsing: "secret: [unclosed", path: "compose.yml", variables: [:])
        }
        #expect(throws: CheckNotPossible.self) {
            try ComposeFile(parsing: "a: 1", path: "compose.yml", variables: [:])
        }
    }
}
