import Testing

@testable import OpsCore

@Suite struct RestoreScopeTests {
    @Test func onlyTheTablesOfTheScopeMove() throws {
        let live = ["a", "b", "c"].map { RestoreRelation($0) } + [RestoreRelation("d", .view)]
        let shadow = [RestoreRelation("a"), RestoreRelation("d"), RestoreRelation("sysndd_ctl_restore")]
        let plan = try RestorePlan(live: live, shadow: shadow, scope: RestoreScope(tables: ["a", "d"]))
        #expect(plan.outgoing == ["a"])
        #expect(plan.incoming == ["a", "d"])
        #expect(plan.obstructing == ["d"])
        #expect(plan.gone == [])
    }

    @Test func aScopeComesBackFromTheJournal() throws {
        let scope = RestoreScope(tables: ["a", "é \"x\", `y`"])
        #expect(RestoreScope(text: scope.text) == scope)
        #expect(RestoreScope(text: RestoreScope.whole.text).isWhole)
    }

    @Test func tablesThatTheBackupLacksAreTold() throws {
        let error = #expect(throws: RestoreError.self) {
            try RestoreScope(asked: ["a", "x", "y"], of: ["a", "b"], in: "f")
        }
        #expect(error?.code == "RESTORE_NO_TABLE")
        #expect(error?.message.contains("x, y") == true)
        #expect(throws: RestoreError.self) { try RestoreScope(asked: ["sysndd_ctl_jobs"], of: [], in: "f") }
        #expect(try RestoreScope(asked: [], of: [], in: "f").isWhole)
    }

    @Test func theClauseOfAForeignKeyIsFound() {
        let definition = """
            CREATE TABLE `c` (
              `a` int DEFAULT 1 COMMENT 'CONSTRAINT `x` FOREIGN KEY',
              CONSTRAINT `w` FOREIGN KEY (`a`) REFERENCES `o` (`a`),
              CONSTRAINT `x``y` FOREIGN KEY (`a`, `b`) REFERENCES `p` (`c`, `d`) ON DELETE CASCADE ON UPDATE SET NULL,
              CONSTRAINT `z` FOREIGN KEY (`b`) REFERENCES `q` (`b`) ON DELETE SET NULL
            ) ENGINE=InnoDB
            """
        let text = { (name: String) in
            RestoreForeignKey.clause(of: name, in: Array(definition.utf8)).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(
            text("x`y")
                == "CONSTRAINT `x``y` FOREIGN KEY (`a`, `b`) REFERENCES `p` (`c`, `d`) ON DELETE CASCADE ON UPDATE SET NULL"
        )
        #expect(text("z") == "CONSTRAINT `z` FOREIGN KEY (`b`) REFERENCES `q` (`b`) ON DELETE SET NULL")
        #expect(text("x") == nil)
    }

    @Test func aNameWithADotIsNoOtherTablesForeignKey() {
        let key = { (table: String, name: String) in
            RestoreForeignKey(table: table, name: name, parent: "p", clause: []).object
        }
        let scope = RestoreScope(tables: ["a"])
        #expect(key("a", "b.c").isForeignKey(of: scope))
        #expect(!key("a.b", "c").isForeignKey(of: scope))
        #expect(!key("a`", "c").isForeignKey(of: scope))
        #expect(key("a", "b.c").identity != key("a.b", "c").identity)
    }

    @Test(arguments: [
        ("CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET @x = 1", nil, "t", "a"),
        ("CREATE DEFINER=`u`@`h` TRIGGER `t ``x` AFTER UPDATE ON `a b` FOR EACH ROW SET @x = 1", nil, "t `x", "a b"),
        (
            "CREATE OR REPLACE TRIGGER IF NOT EXISTS db.t AFTER INSERT OR DELETE ON a FOR EACH ROW SET @x = 1", "db",
            "t", "a"
        ),
    ])
    func aTriggerTellsItsTable(_ text: String, _ schema: String?, _ name: String, _ table: String) {
        let place = TriggerPlace(statement: Array(text.utf8))
        #expect(place?.schema == schema)
        #expect(place?.name == name)
        #expect(place?.table == table)
    }

    @Test(arguments: [
        ("CREATE DEFINER=`u`@`h` VIEW v AS SELECT 1", "u@h", "CREATE X VIEW v AS SELECT 1"),
        (
            "CREATE ALGORITHM=UNDEFINED DEFINER = 'it''s'@'%' SQL SECURITY DEFINER VIEW v AS SELECT 1", "it's@%",
            "CREATE ALGORITHM=UNDEFINED X SQL SECURITY DEFINER VIEW v AS SELECT 1"
        ),
        ("CREATE DEFINER=admin PROCEDURE p() SELECT 1", "admin@%", "CREATE X PROCEDURE p() SELECT 1"),
    ])
    func aDefinerIsFound(_ text: String, _ account: String, _ replaced: String) throws {
        let clause = try #require(DefinerClause(in: Array(text.utf8)))
        #expect(clause.account == account)
        var bytes = Array(text.utf8)
        bytes.replaceSubrange(clause.range, with: Array("X".utf8))
        #expect(String(decoding: bytes, as: UTF8.self) == replaced)
    }

    @Test func noDefinerIsFoundWhereNoneIs() {
        #expect(DefinerClause(in: Array("CREATE DEFINER=CURRENT_USER VIEW v AS SELECT 1".utf8)) == nil)
        #expect(DefinerClause(in: Array("CREATE SQL SECURITY DEFINER VIEW v AS SELECT 1".utf8)) == nil)
    }
}
