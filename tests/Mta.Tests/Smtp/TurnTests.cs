using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>TURN (RFC 821 §3.8), for who has authenticated (RFC 5321 App. F.1).</summary>
public sealed class TurnTests
{
    private static readonly string SignedIn = $"""
        S: 220 *
        C: EHLO gateway.customer.test
        S: (250-... TURN)
        C: {TurnScene.Auth("gateway@example.org")}
        S: 235 *

        """;

    /// <summary>RFC 821 §4.1.1: the side that was the server expects the 220 as if the channel had just opened.</summary>
    [Catalogue("TURN", 250)]
    [EhloKeyword("TURN")]
    [Theory, EveryChunking]
    public async Task Turns_the_roles_and_the_other_side_greets(Chunking chunking)
    {
        await using var scene = await TurnScene.StartAsync();
        await scene.HoldAsync("carol@example.net", "bob@customer.test");
        await scene.PlayAsync(chunking, SignedIn + """
            C: TURN
            S: 250 2.0.0 *
            C: 220 gateway.customer.test Simple Mail Transfer Service Ready
            S: EHLO mx.example.org
            C: 500 unknown
            S: HELO mx.example.org
            C: 250 gateway.customer.test
            S: MAIL FROM:<carol@example.net>
            C: 250 ok
            S: RCPT TO:<bob@customer.test>
            C: 250 ok
            S: DATA
            C: 354 go on
            S: Subject: held
            S: 
            S: Hello.
            S: .
            C: 250 ok
            S: QUIT
            C: 221 closing
            S: (closed)
            """);
        Assert.Equal(0, scene.Count("Messages"));
    }

    [Catalogue("TURN", 501)]
    [Theory, EveryChunking]
    public async Task Turns_and_takes_leave_without_mail(Chunking chunking)
    {
        await using var scene = await TurnScene.StartAsync();
        await scene.PlayAsync(chunking, SignedIn + """
            C: TURN now
            S: 501 5.5.4 *
            C: TURN
            S: 250 2.0.0 *
            C: 220 gateway.customer.test
            S: EHLO mx.example.org
            C: 250 gateway.customer.test
            S: QUIT
            C: 221 closing
            S: (closed)
            """);
    }

    [Theory, EveryChunking]
    public async Task Is_out_of_order_in_a_transaction(Chunking chunking)
    {
        await using var scene = await TurnScene.StartAsync();
        await scene.PlayAsync(chunking, SignedIn + """
            C: MAIL FROM:<gateway@example.org>
            S: 250 *
            C: TURN
            S: 503 5.5.1 *
            C: ATRN
            S: 503 5.5.1 *
            C: ETRN customer.test
            S: 503 5.5.1 *
            """);
    }
}
