using System.Reflection;
using MailSuite.Mda.Pop3;
using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Pop3;

/// <summary>CAPA (RFC 2449), STLS (RFC 2595), UTF8 and LANG (RFC 6856).</summary>
public sealed class CapaTests
{
    private const string Rest = """
        S: RESP-CODES
        S: AUTH-RESP-CODE
        S: PIPELINING
        S: EXPIRE NEVER
        S: UIDL
        S: UTF8 USER
        S: LANG
        S: IMPLEMENTATION MailSuite
        S: .

        """;

    [Capability("TOP")]
    [Capability("UIDL")]
    [Capability("EXPIRE")]
    [Capability("IMPLEMENTATION")]
    [Theory, EveryChunking]
    public Task Tells_what_there_is_before_and_after_the_sign_in(Chunking chunking) => Pop3Scene.PlayAsync(chunking, """
        S: +OK *
        C: CAPA
        S: +OK Capabilities follow
        S: TOP
        S: USER
        S: SASL SCRAM-SHA-256 PLAIN LOGIN

        """ + Rest + """
        C: CAPA all
        S: -ERR The command has no arguments
        C: USER alice@example.org
        S: +OK *
        C: PASS secret
        S: +OK *
        C: CAPA
        S: +OK Capabilities follow
        S: TOP
        S: USER
        S: SASL SCRAM-SHA-256 PLAIN LOGIN

        """ + Rest + """
        C: TOP 1 0
        S: +OK *
        S: Subject: x
        S:
        S: .
        C: UIDL 1
        S: +OK 1 *.1
        """, ["Subject: x\r\n\r\nx\r\n"]);

    [Capability("STLS")]
    [Theory, EveryChunking]
    public Task Offers_passwords_under_TLS_only_and_STLS_without(Chunking chunking) => Pop3Scene.PlayAsync(chunking, """
        S: +OK *
        C: CAPA
        S: +OK *
        S: TOP
        S: STLS
        S: RESP-CODES
        S: AUTH-RESP-CODE
        S: LOGIN-DELAY 90
        S: PIPELINING
        S: EXPIRE NEVER
        S: UIDL
        S: UTF8 USER
        S: LANG
        S: IMPLEMENTATION MailSuite
        S: .
        C: STLS now
        S: -ERR The command has no arguments
        C: STLS
        S: +OK Begin TLS
        C: (TLS)
        C: CAPA
        S: +OK *
        S: TOP
        S: USER
        S: SASL SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN
        S: RESP-CODES
        S: AUTH-RESP-CODE
        S: LOGIN-DELAY 90
        S: PIPELINING
        S: EXPIRE NEVER
        S: UIDL
        S: UTF8 USER
        S: LANG
        S: IMPLEMENTATION MailSuite
        S: .
        C: STLS
        S: -ERR TLS is active already
        C: USER alice@example.org
        S: +OK *
        C: PASS secret
        S: +OK *
        C: QUIT
        S: +OK *
        S: (closed)
        """, configure: options => options with { AllowPlaintextAuthentication = false, LoginDelay = TimeSpan.FromSeconds(89.5) }, tls: new SelfSignedTls());

    /// <summary>What a third party has put behind STLS in clear is not taken for the client's (RFC 2595 §4).</summary>
    [Fact]
    public Task Drops_what_was_put_behind_STLS_and_forgets_who_was_named() => Pop3Scene.PlayAsync(Chunking.WholeTurn, """
        S: +OK *
        C: USER alice@example.org
        S: +OK *
        C: STLS
        C: USER mallory@example.org
        S: +OK Begin TLS
        C: (TLS)
        C: PASS secret
        S: -ERR USER comes first
        """, tls: new SelfSignedTls());

    [Fact]
    public async Task Has_no_STLS_where_there_is_no_TLS_or_no_certificate_now()
    {
        await Pop3Scene.PlayAsync(Chunking.WholeTurn, """
            S: +OK *
            C: STLS
            S: -ERR There is no TLS here
            """);
        await Pop3Scene.PlayAsync(Chunking.WholeTurn, """
            S: +OK *
            C: STLS
            S: -ERR [SYS/TEMP] There is no certificate now, try again later
            """, tls: new SelfSignedTls { IsAvailable = false });
    }

    [Fact]
    public async Task Ends_when_TLS_cannot_be_agreed_on()
    {
        await Pop3Scene.PlayAsync(Chunking.WholeTurn, """
            S: +OK *
            C: STLS
            S: +OK Begin TLS
            C> no hello at all, and long enough to be looked at\r\n
            S: (closed)
            """, tls: new SelfSignedTls());
        await using var scene = await Pop3Scene.WithAsync([], tls: new SelfSignedTls { IsAvailable = false }, implicitTls: true);
        await scene.PlayAsync(Chunking.WholeTurn, "S: (closed)");
    }

    [Capability("UTF8")]
    [Theory, EveryChunking]
    public Task Sends_a_header_in_UTF8_as_it_is(Chunking chunking) => Pop3Scene.PlayAsync(chunking, """
        S: +OK *
        C: UTF8 on
        S: -ERR The command has no arguments
        C: UTF8
        S: +OK *
        C: USER alice@example.org
        S: +OK *
        C: PASS secret
        S: +OK *
        C: LIST 1
        S: +OK 1 25
        C: RETR 1
        S: +OK 25 octets
        S: Subject: Grüße
        S:
        S: Ja.
        S: .
        C: UTF8
        S: -ERR You have signed in already
        """, ["Subject: Grüße\r\n\r\nJa.\r\n"]);

    [Capability("LANG")]
    [Theory, EveryChunking]
    public Task Has_one_language(Chunking chunking) => Pop3Scene.PlayAsync(chunking, """
        S: +OK *
        C: LANG
        S: +OK The languages are
        S: en English
        S: .
        C: LANG en
        S: +OK en *
        C: LANG EN-gb
        S: +OK en *
        C: LANG *
        S: +OK en *
        C: LANG i-default
        S: +OK en *
        C: LANG de
        S: -ERR There is no such language here
        C: LANG english
        S: -ERR There is no such language here
        """);

    /// <summary>What CAPA can tell, the README's table and the tests that prove it are in step.</summary>
    [Fact]
    public void Each_capability_has_its_row_in_the_README_and_its_test()
    {
        var proven = typeof(CapaTests).Assembly.GetTypes().SelectMany(type => type.GetMethods().SelectMany(method => method.GetCustomAttributes<CapabilityAttribute>().Select(one => (one.Keyword, Class: type.Name)))).ToList();
        Assert.Equal(Pop3Capabilities.Keywords.Order(StringComparer.Ordinal), proven.Select(one => one.Keyword).Distinct().Order(StringComparer.Ordinal));
        var rows = File.ReadAllLines(Readme()).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToDictionary(cells => cells[1].Split('`')[1], cells => cells);
        Assert.Equal(Pop3Capabilities.Keywords.Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(proven, one => Assert.Contains(one.Class, rows[one.Keyword][^2], StringComparison.Ordinal));
    }

    private static string Readme()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "MailSuite.sln")))
            directory = Path.GetDirectoryName(directory)!;
        return Path.Combine(directory, "src", "Mda", "Pop3", "README.md");
    }
}
