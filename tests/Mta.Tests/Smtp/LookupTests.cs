using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>VRFY and EXPN: who is behind a name (RFC 5321 §3.5).</summary>
public sealed class LookupTests
{
    private const string Greeting = "S: 220 *\n";

    [Catalogue("252")]
    [Catalogue("VRFY", 252, 501)]
    [Theory, EveryChunking]
    public Task Reply_252_VRFY_tells_strangers_nothing(Chunking chunking) => SmtpScene.PlayAsync(chunking, """
        S: 220 *
        C: EHLO client.example.net
        S: (250-... !VRFY, !EXPN)
        C: VRFY alice@example.org
        S: 252 2.0.0 *
        C: VRFY nobody@example.org
        S: 252 2.0.0 *
        C: VRFY
        S: 501 5.5.4 *
        """);

    [EhloKeyword("VRFY")]
    [Catalogue("VRFY", 250, 252, 550)]
    [Theory, EveryChunking]
    public async Task VRFY_answers_the_authenticated(Chunking chunking)
    {
        await using var scene = new SmtpScene(SmtpRole.Submission, options => options with { AllowPlaintextAuthentication = true });
        scene.Lookup.Answers["bob@example.org"] = Mailbox("bob@example.org", "Bob <the> Builder");
        await scene.PlayAsync(chunking, AuthTests.SignedIn + """
            C: EHLO client.example.net
            S: (250-... VRFY, EXPN)
            C: vrfy BOB@example.org
            S: 250 2.1.5 Bob  the  Builder <bob@example.org>
            C: VRFY <nobody@example.org>
            S: 550 5.1.1 *
            C: VRFY somebody@elsewhere.example
            S: 252 2.0.0 *
            """);
    }

    [Catalogue("553")]
    [Catalogue("VRFY", 553)]
    [Theory, EveryChunking]
    public async Task Reply_553_a_name_that_more_than_one_has(Chunking chunking)
    {
        await using var scene = Open();
        scene.Lookup.Answers["Fred Smith"] = Mailbox("fred@example.org", "Fred Smith");
        scene.Lookup.Answers["smith"] = new LookupAnswer.Ambiguous([new(EnvelopeAddress.Parse("fred@example.org"), "Fred Smith"), new(EnvelopeAddress.Parse("smith@example.org"), null)]);
        await scene.PlayAsync(chunking, Greeting + """
            C: VRFY "Fred Smith"
            S: 250 2.1.5 Fred Smith <fred@example.org>
            C: VRFY Fred Smith
            S: 250 2.1.5 Fred Smith <fred@example.org>
            C: VRFY smith
            S: 553-5.1.4 Ambiguous; possibilities are
            S: 553-5.1.4 Fred Smith <fred@example.org>
            S: 553 5.1.4 <smith@example.org>
            C: VRFY Gourzenkyinplatz
            S: 550 5.1.1 *
            C: VRFY fred@
            S: 501 5.5.4 *
            C: VRFY "Fred
            S: 501 5.5.4 *
            C: VRFY "Fred" Smith
            S: 501 5.5.4 *
            """);
    }

    [Catalogue("251")]
    [Catalogue("551")]
    [Catalogue("VRFY", 251, 551)]
    [Theory, EveryChunking]
    public async Task Reply_251_and_551_VRFY_of_who_is_elsewhere(Chunking chunking)
    {
        await using var scene = Open(tellForwarding: true);
        scene.Lookup.Answers["paul@example.org"] = new LookupAnswer.Forwarded(EnvelopeAddress.Parse("paul@example.org"), EnvelopeAddress.Parse("paul@elsewhere.example"));
        scene.Lookup.Answers["old@example.org"] = new LookupAnswer.Moved(EnvelopeAddress.Parse("old@example.org"), EnvelopeAddress.Parse("new@elsewhere.example"));
        await scene.PlayAsync(chunking, Greeting + """
            C: VRFY paul@example.org
            S: 251 2.1.5 User not local; will forward to <paul@elsewhere.example>
            C: VRFY old@example.org
            S: 551 5.1.6 User not local; please try <new@elsewhere.example>
            """);
    }

    [Catalogue("VRFY", 451)]
    [Catalogue("EXPN", 451)]
    [Fact]
    public async Task Reply_451_when_it_cannot_be_found_out()
    {
        await using var scene = Open();
        scene.Lookup.Answers["alice@example.org"] = new LookupAnswer.Unavailable(StatusCodes.SystemTemporary, "The directory is locked");
        await scene.PlayAsync(Chunking.WholeTurn, Greeting + """
            C: VRFY alice@example.org
            S: 451 4.3.0 *
            C: EXPN alice@example.org
            S: 451 4.3.0 *
            """);
    }

    [EhloKeyword("EXPN")]
    [Catalogue("EXPN", 250)]
    [Theory, EveryChunking]
    public async Task EXPN_tells_the_members_of_a_list_one_a_line(Chunking chunking)
    {
        await using var scene = Open();
        scene.Lookup.Answers["staff"] = List("staff@example.org", true, ("alice@example.org", "Alice"), ("bob@example.org", null), ("carol@elsewhere.example", null));
        scene.Lookup.Answers["paul@example.org"] = new LookupAnswer.Forwarded(EnvelopeAddress.Parse("paul@example.org"), EnvelopeAddress.Parse("paul@elsewhere.example"));
        await scene.PlayAsync(chunking, Greeting + """
            C: EHLO client.example.net
            S: (250-... VRFY, EXPN)
            C: expn staff
            S: 250-2.1.5 Alice <alice@example.org>
            S: 250-2.1.5 <bob@example.org>
            S: 250 2.1.5 <carol@elsewhere.example>
            C: VRFY staff
            S: 250 2.1.5 <staff@example.org>
            C: EXPN alice@example.org
            S: 250 2.1.5 <alice@example.org>
            C: VRFY paul@example.org
            S: 250 2.1.5 <paul@example.org>
            C: EXPN paul@example.org
            S: 250 2.1.5 <paul@elsewhere.example>
            """);
    }

    [Catalogue("EXPN", 252, 501, 550, 551, 553)]
    [Fact]
    public async Task EXPN_says_why_it_tells_no_members()
    {
        await using var scene = Open();
        scene.Lookup.Answers["everybody"] = List("everybody@example.org", false, ("alice@example.org", null));
        scene.Lookup.Answers["old"] = new LookupAnswer.Moved(EnvelopeAddress.Parse("old@example.org"), EnvelopeAddress.Parse("new@elsewhere.example"));
        scene.Lookup.Answers["smith"] = new LookupAnswer.Ambiguous([new(EnvelopeAddress.Parse("fred@example.org"), null), new(EnvelopeAddress.Parse("smith@example.org"), null)]);
        await scene.PlayAsync(Chunking.WholeTurn, Greeting + """
            C: EXPN everybody
            S: 252 2.0.0 *
            C: EXPN somebody@elsewhere.example
            S: 252 2.0.0 *
            C: EXPN
            S: 501 5.5.4 *
            C: EXPN nobody
            S: 550 5.1.1 *
            C: EXPN old
            S: 551 5.1.6 *
            C: EXPN smith
            S: (553-... 5.1.4 <fred@example.org>, 5.1.4 <smith@example.org>)
            """);
    }

    [Catalogue("EXPN", 502, 550)]
    [Fact]
    public async Task EXPN_is_not_for_strangers()
    {
        await SmtpScene.PlayAsync(Chunking.WholeTurn, Greeting + """
            C: EXPN staff
            S: 550 5.7.1 *
            """);
        await SmtpScene.PlayAsync(Chunking.WholeTurn, Greeting + """
            C: EXPN staff
            S: 502 5.5.1 *
            """, configure: options => options with { Expand = Offer.Never });
    }

    [Fact]
    public async Task VRFY_answers_nobody_when_told_so()
    {
        await using var scene = new SmtpScene(SmtpRole.Submission, options => options with { AllowPlaintextAuthentication = true, Verify = Offer.Never });
        await scene.PlayAsync(Chunking.WholeTurn, AuthTests.SignedIn + """
            C: EHLO client.example.net
            S: (250-... !VRFY)
            C: VRFY alice@example.org
            S: 252 2.0.0 *
            """);
    }

    /// <summary>RFC 6531 §3.7.4.2.</summary>
    [Theory, EveryChunking]
    public async Task Answers_in_UTF_8_only_who_says_SMTPUTF8(Chunking chunking)
    {
        await using var scene = Open();
        scene.Lookup.Answers["jörg@example.org"] = Mailbox("jörg@example.org", "Jörg");
        scene.Lookup.Answers["bob@example.org"] = Mailbox("bob@example.org", "Bøb");
        scene.Lookup.Answers["staff"] = List("staff@example.org", true, ("jörg@example.org", "Jörg"), ("bob@example.org", "Bøb"));
        await scene.PlayAsync(chunking, Greeting + """
            C: VRFY jörg@example.org smtputf8
            S: 250 2.1.5 Jörg <jörg@example.org>
            C: VRFY jörg@example.org
            S: 553 5.6.7 *
            C: VRFY bob@example.org
            S: 250 2.1.5 <bob@example.org>
            C: VRFY bob@example.org SMTPUTF8
            S: 250 2.1.5 Bøb <bob@example.org>
            C: EXPN staff
            S: 252 2.6.8 *
            C: EXPN staff SMTPUTF8
            S: 250-2.1.5 Jörg <jörg@example.org>
            S: 250 2.1.5 Bøb <bob@example.org>
            """);
    }

    private static SmtpScene Open(bool tellForwarding = false) =>
        new(configure: options => options with { Verify = Offer.Always, Expand = Offer.Always, TellForwarding = tellForwarding });

    private static LookupAnswer Mailbox(string address, string? name) => new LookupAnswer.Mailbox(new LookupEntry(EnvelopeAddress.Parse(address), name));

    private static LookupAnswer List(string address, bool isWhole, params (string Address, string? Name)[] members) =>
        new LookupAnswer.List(EnvelopeAddress.Parse(address), [.. members.Select(member => new LookupEntry(EnvelopeAddress.Parse(member.Address), member.Name))], isWhole);
}
