using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp.Catalogue;

/// <summary>Verbs in any case, local-parts as they were written (RFC 5321 §2.4).</summary>
public sealed class CommandWordTests
{
    [Fact]
    public async Task Every_verb_is_the_same_in_any_case()
    {
        await using var scene = new SmtpScene();
        var table = new Mta.Smtp.SmtpCommandTable(scene.Options, scene.Commands.Where(command => command.Verb != "HELP"));
        Assert.All(Scenes.Verbs().Intersect(scene.Commands.Select(command => command.Verb)), verb =>
        {
            string[] ways = [verb, verb.ToLowerInvariant(), string.Concat(verb.Select((letter, i) => i % 2 == 0 ? char.ToLowerInvariant(letter) : letter))];
            Assert.All(ways, way => Assert.True(table.TryFind(way, out var command) && command.Verb == verb, way));
        });
    }

    [Catalogue("HELO", 250)]
    [Catalogue("VRFY", 252)]
    [Catalogue("QUIT", 221)]
    [Theory, EveryChunking]
    public async Task A_whole_session_in_mixed_case_delivers(Chunking chunking)
    {
        await using var scene = new SmtpScene(configure: options => options with { Terminal = Offer.Always });
        await scene.PlayAsync(chunking, """
            S: 220 *
            C: hELo client.example.net
            S: 250 *
            C: mAIL From:<CaRoL@Example.NET>
            S: 250 *
            C: rCpT tO:<alice@EXAMPLE.org>
            S: 250 *
            C: dAtA
            S: 354 *
            C: .
            S: 250 *
            C: noop
            S: 250 *
            C: rSET
            S: 250 *
            C: vrfY alice
            S: 252 *
            C: hElP
            S: (211-... *Commands:*)
            C: sOML fROM:<>
            S: 250 *
            C: QuIt
            S: 221 *
            S: (closed)
            """);
        Assert.Equal("<CaRoL@example.net>", scene.Mailboxes.Of("alice@example.org").Single().ReversePath.ToString(), ignoreCase: false);
    }

    [Theory]
    [InlineData("O'Brien+Lists@example.org")]
    [InlineData("ALICE@example.org")]
    [InlineData("\"Odd name\"@example.org")]
    public async Task A_local_part_is_kept_as_it_was_written(string address)
    {
        await using var scene = new SmtpScene(mailboxes: new FakeMailboxes { EveryoneIsLocal = true });
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + $"""
            C: MAIL FROM:<{address}>
            S: 250 *
            C: RCPT TO:<{address}>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        var delivery = scene.Mailboxes.Deliveries.Single();
        Assert.Equal((address, $"<{address}>"), (delivery.Recipients.Single().ToString(), delivery.ReversePath.ToString()));
    }

    /// <summary>The source's table misprints RSET.</summary>
    [Catalogue("500")]
    [Theory, EveryChunking]
    public Task REST_is_no_command_and_RSET_is(Chunking chunking) => SmtpScene.PlayAsync(chunking, SmtpScene.Addressed + """
        C: REST
        S: 500 5.5.2 *
        C: DATA
        S: 354 *
        C: .
        S: 250 *
        """);
}
