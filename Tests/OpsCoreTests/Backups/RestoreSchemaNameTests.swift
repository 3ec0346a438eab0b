import Foundation
import Testing

@testable import OpsCore

@Suite struct RestoreSchemaNameTests {
    private let moment = Date(timeIntervalSince1970: 1_769_832_306)

    @Test(arguments: RestoreSchemaName.Role.allCases, ["sysndd_db", "a", String(repeating: "ü", count: 64)])
    func aNameIsReadBack(_ role: RestoreSchemaName.Role, _ database: String) {
        let name = RestoreSchemaName(role, of: database, at: moment)
        #expect(name.stamp == "20260131040506")
        #expect(name.text.hasSuffix("__\(role.rawValue)_20260131040506"))
        #expect(name.text.unicodeScalars.count <= 64)
        #expect(RestoreSchemaName(name.text, of: database) == name)
    }

    @Test func namesOfOtherDatabasesAreNotTaken() {
        let long = String(repeating: "a", count: 60)
        let name = RestoreSchemaName(.prove, of: long + "b", at: moment)
        #expect(RestoreSchemaName(name.text, of: long + "c") == nil)
        #expect(RestoreSchemaName(name.text, of: long + "b") == name)
        #expect(RestoreSchemaName("db__prove_20260131040506", of: "d") == nil)
        #expect(RestoreSchemaName("db2__prove_20260131040506", of: "db") == nil)
    }

    @Test(arguments: [
        "db__prove_2026013104050", "db__prove_20260231040506", "db__prove_x", "db", "db__other_20260131040506",
    ])
    func namesOfAnotherFormAreNotTaken(_ text: String) {
        #expect(RestoreSchemaName(text, of: "db") == nil)
    }
}
