import Testing

@testable import OpsCore

/// Which privileges a role needs, and what an account's grants are against that.
@Suite struct GrantTests {
    private static let mariadb = ServerInfo(versionText: "10.11.6-MariaDB", isGalera: false)
    private static let newMariaDB = ServerInfo(versionText: "11.8.2-MariaDB", isGalera: false)
    private static let mysql = ServerInfo(versionText: "9.7.0", isGalera: false)

    private static let ownTables = ["lease", "jobs", "outbox", "audit"].map {
        "GRANT CREATE ON `my_db`.`sysndd_ctl_\($0)` TO `u`@`%`"
    }

    private func statements(_ role: DatabaseRole, _ server: ServerInfo) -> [String] {
        RoleGrants(role, on: server, database: "my_db").statements(user: "u", host: "%")
    }

    private func compare(_ lines: [String], _ roles: DatabaseRole...) -> GrantComparison {
        GrantComparison(
            account: "u@%", held: GrantLines(lines),
            needed: roles.map { RoleGrants($0, on: Self.mariadb, database: "my_db") })
    }

    @Test func wildcardsInTheNameOfTheDatabaseAreEscaped() {
        #expect(
            statements(.app, Self.mysql).first
                == "GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON `my\\_db`.* TO 'u'@'%';")
        // In the name of a table they are none.
        #expect(statements(.app, Self.mysql).contains("GRANT CREATE ON `my_db`.`sysndd_ctl_outbox` TO 'u'@'%';"))
        #expect(statements(.restore, Self.mysql).contains { $0.contains("ON `my\\_db\\_\\_restore\\_%`.* TO") })
    }

    @Test func flavoursAndVersionsDiffer() {
        #expect(statements(.backup, Self.mariadb).contains("GRANT SELECT ON `mysql`.`proc` TO 'u'@'%';"))
        #expect(!statements(.backup, Self.newMariaDB).contains { $0.contains("proc") })
        #expect(statements(.backup, Self.newMariaDB).contains { $0.contains("SHOW CREATE ROUTINE") })
        #expect(
            statements(.backup, Self.mysql)[0]
                == "GRANT FLUSH_TABLES, REPLICATION CLIENT, SHOW_ROUTINE ON *.* TO 'u'@'%';")
        #expect(
            statements(.monitor, Self.mysql)[0] == "GRANT PROCESS, REPLICATION CLIENT, SHOW_ROUTINE ON *.* TO 'u'@'%';")
        let old = ServerInfo(versionText: "8.0.20", isGalera: false)
        #expect(statements(.backup, old)[0].hasPrefix("GRANT RELOAD,"))
        #expect(statements(.restore, old)[0].contains("SET_USER_ID"))
    }

    @Test func anAccountMadeFromTheStatementsIsEqual() {
        for role in DatabaseRole.allCases {
            let comparison = compare(statements(role, Self.mariadb), role)
            #expect(comparison.isEqual, "\(role): \(comparison)")
        }
    }

    @Test func eachMissingPrivilegeIsNamed() {
        let comparison = compare(["GRANT SELECT, INSERT ON `my\\_db`.* TO `u`@`%`"], .app)
        #expect(
            comparison.missing.filter { !$0.hasPrefix("CREATE") } == [
                "UPDATE ON `my\\_db`.*", "DELETE ON `my\\_db`.*", "EXECUTE ON `my\\_db`.*",
            ])
        #expect(comparison.missing.contains("CREATE ON `my_db`.`sysndd_ctl_outbox`"))
        #expect(comparison.extra.isEmpty)
        #expect(
            compare(["GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON `other`.* TO `u`@`%`"], .app).missing.count == 9)
    }

    @Test func moreThanIsNeededIsNamed() {
        let needed = "GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON `my_db`.* TO `u`@`%`"
        let all = [needed] + Self.ownTables
        #expect(compare(all, .app).isEqual)
        #expect(compare(all + ["GRANT USAGE ON *.* TO `u`@`%` IDENTIFIED BY PASSWORD '*…'"], .app).isEqual)
        #expect(compare(all + ["GRANT FILE ON *.* TO `u`@`%`"], .app).extra == ["FILE ON *.*"])
        #expect(
            compare(["GRANT ALL PRIVILEGES ON `my\\_db`.* TO `u`@`%`"], .app).extra == ["ALL PRIVILEGES ON `my\\_db`.*"]
        )
        #expect(compare(["GRANT ALL PRIVILEGES ON `my\\_db`.* TO `u`@`%`"], .app).missing.isEmpty)
        #expect(compare([needed + " WITH GRANT OPTION"] + Self.ownTables, .app).extra == ["GRANT OPTION ON `my_db`.*"])
        #expect(compare([needed], .app, .migrate).missing.contains("CREATE ON `my\\_db`.*"))
    }

    @Test func whatLeadsToEverythingElseFails() {
        func status(_ line: String) -> CheckStatus {
            let comparison = compare(
                ["GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON `my\\_db`.* TO `u`@`%`", line] + Self.ownTables, .app
            )
            return SecurityChecks.LeastGrants.judge(.init(needed: comparison, allowed: comparison)).status
        }
        #expect(status("GRANT USAGE ON *.* TO `u`@`%`") == .pass)
        #expect(status("GRANT FILE ON *.* TO `u`@`%`") == .fail)
        #expect(status("GRANT ALL PRIVILEGES ON *.* TO `u`@`%` WITH GRANT OPTION") == .fail)
        #expect(status("GRANT UPDATE ON `mysql`.* TO `u`@`%`") == .fail)
        #expect(status("GRANT SYSTEM_VARIABLES_ADMIN ON *.* TO `u`@`%`") == .fail)
        #expect(status("GRANT DROP ON `my\\_db`.* TO `u`@`%`") == .warn)
        #expect(status("GRANT PROCESS ON *.* TO `u`@`%`") == .warn)
    }
}
