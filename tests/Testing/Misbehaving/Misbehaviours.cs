using System.Security.Cryptography.X509Certificates;

namespace MailSuite.Testing.Misbehaving;

/// <summary>The kit: what servers have been seen to do, or could, at each stage of a session.</summary>
public static class Misbehaviours
{
    /// <summary>Stages of which a command is the beginning, in their order.</summary>
    private static readonly string[] Stages = ["EHLO", "MAIL", "RCPT", "DATA", "."];

    /// <summary>All of the kit but what needs a certificate.</summary>
    public static IReadOnlyList<Misbehaviour> All => [.. AtGreeting, .. AtAStage, .. InTheMessage, .. AfterTheMessage, .. OutOfStep, .. AtTls];

    /// <summary>What can be wrong about any reply, as the octets in its place.</summary>
    private static readonly (string Name, string Octets)[] Garbage =
    [
        ("answers without a code", "hello?\r\n"),
        ("answers with the code 99", "99 odd\r\n"),
        ("answers with the code 600", "600 odd\r\n"),
        ("answers with the code 2500", "2500 odd\r\n"),
        ("answers with 1xx", "150 odd\r\n"),
        ("answers with 3xx where it does not belong", "334 VXNlcm5hbWU6\r\n"),
        ("answers an empty line", "\r\n"),
        ("answers binary", "\x16\x03\x01\x00\xff\xfe\x80\x81\r\n"),
        ("answers NUL", "2\050 ok\r\n"),
        ("ends its line with LF alone", "250 ok\n"),
        ("ends its line with CR alone, then LF", "250 ok\r \n"),
        ("changes the code in a reply of several lines", "250-a\r\n550 b\r\n"),
        ("leaves a reply of several lines open and hangs up", "250-a\r\n250-b\r\n"),
        ("hangs up in the middle of a line", "250 o"),
    ];

    /// <summary>Before anything was asked.</summary>
    public static IReadOnlyList<Misbehaviour> AtGreeting { get; } =
    [
        new("hangs up at once", talk => talk.HangUpAsync()),
        new("resets at once", ResetAsync),
        new("never greets", talk => talk.FallSilentAsync()),
        new("greets an octet at a time", async talk =>
        {
            await talk.DribbleAsync("220-peer.test\r\n220 ESMTP");
            await talk.ServeAsync(greet: false);
        }),
        new("hangs up after the greeting", talk => talk.SayAsync("220 peer.test")),
        new("greets with 421", talk => talk.SayAsync("421 4.3.2 not now")),
        new("greets with 450", talk => talk.SayAsync("450 4.7.1 come back")),
        new("greets with 554", talk => talk.SayAsync("554 5.7.1 not you")),
        new("greets with 554 and goes silent", async talk =>
        {
            await talk.SayAsync("554 5.7.1 not you");
            await talk.FallSilentAsync();
        }),
        new("greets with a line that is too long", talk => talk.SendAsync("220 " + new string('x', 100_000) + "\r\n")),
        new("greets with a line without end", talk => talk.RepeatForEverAsync(new string('x', 8192))),
        new("greets with lines without end", async talk =>
        {
            while (true)
                await talk.SayAsync("220-more to come");
        }),
        .. Garbage.Select(garbage => new Misbehaviour($"greeting: {garbage.Name}", talk => talk.SendAsync(garbage.Octets.Replace("250", "220", StringComparison.Ordinal)))),
    ];

    /// <summary>The same at each stage.</summary>
    public static IReadOnlyList<Misbehaviour> AtAStage { get; } =
    [
        .. from stage in Stages from wrong in AtCommand(stage) select wrong,
    ];

    /// <summary>Between the first octet of the message and its dot.</summary>
    public static IReadOnlyList<Misbehaviour> InTheMessage { get; } =
    [
        new("hangs up in the message", talk => InMessageAsync(talk, _ => Task.CompletedTask)),
        new("resets in the message", talk => InMessageAsync(talk, ResetAsync)),
        new("says 552 in the message and hangs up", talk => InMessageAsync(talk, it => it.SayAsync("552 5.3.4 too much"))),
        new("says 451 in the message and resets", talk => InMessageAsync(talk, async it =>
        {
            await it.SayAsync("451 4.3.1 disk full");
            it.Reset();
        })),
        new("takes no more octets", talk => InMessageAsync(talk, it => it.GoDeafAsync())),
        new("takes an octet now and then", talk => InMessageAsync(talk, it => it.SipAsync())),
    ];

    /// <summary>When the server has the message.</summary>
    public static IReadOnlyList<Misbehaviour> AfterTheMessage { get; } =
    [
        After("answers 250 and resets", async it =>
        {
            await it.SayAsync("250 2.0.0 taken");
            // A reset overtakes what lies unread at the client, and then there was no answer.
            await it.UntilSettledAsync();
            it.Reset();
        }),
        After("answers 250 and hangs up", it => it.SayAsync("250 2.0.0 taken")),
        After("answers 250 an octet at a time", async it =>
        {
            await it.DribbleAsync("250-2.0.0 taken\r\n250 2.0.0 as 12345");
            await it.ServeAsync(greet: false);
        }),
        After("answers 250 and 421 behind it", it => it.SayAsync("250 2.0.0 taken\r\n421 4.3.2 closing")),
        After("answers 250 without end", async it =>
        {
            while (true)
                await it.SayAsync("250-taken");
        }),
        After("answers 250 and garbage behind it", it => it.SayAsync("250 2.0.0 taken\r\n\0\xff\xfe")),
        After("answers 250 and never again", async it =>
        {
            await it.SayAsync("250 2.0.0 taken");
            await it.FallSilentAsync();
        }),
        new("goes on after 221", async talk =>
        {
            await talk.ServeAsync("QUIT");
            await talk.RepeatForEverAsync("221 2.0.0 bye, but listen\r\n");
        }) { HasTheMessage = true },
        new("answers QUIT with 500", async talk =>
        {
            await talk.ServeAsync("QUIT");
            await talk.SayAsync("500 5.5.1 what?");
        }) { HasTheMessage = true },
    ];

    /// <summary>Replies that are well-formed and come at the wrong time.</summary>
    public static IReadOnlyList<Misbehaviour> OutOfStep { get; } =
    [
        new("answers MAIL before it was said", async talk =>
        {
            await talk.ServeAsync("EHLO");
            await talk.SayAsync(talk.Hello + "\r\n250 2.1.0 ok");
            await talk.ServeAsync(greet: false);
        }),
        new("answers everything before anything was said", async talk =>
        {
            await talk.SayAsync("220 peer.test\r\n250 peer.test\r\n250 2.1.0 ok\r\n250 2.1.5 ok\r\n250 2.1.5 ok\r\n250 2.1.5 ok\r\n354 go on\r\n250 2.0.0 taken");
            await talk.FallSilentAsync();
        }),
        new("answers the message before it was sent", async talk =>
        {
            await talk.ServeAsync("DATA");
            await talk.SayAsync("354 go on\r\n250 2.0.0 taken");
            await talk.FallSilentAsync();
        }),
        new("leaves one RCPT unanswered", async talk =>
        {
            await talk.ServeAsync("RCPT");
            await talk.SayAsync("250 2.1.5 ok");
            await talk.ServeAsync("RCPT", greet: false);
            await talk.ServeAsync("DATA", greet: false);
            await talk.SayAsync("354 go on");
            await talk.FallSilentAsync();
        }),
        new("answers one RCPT twice", async talk =>
        {
            await talk.ServeAsync("RCPT");
            await talk.SayAsync("250 2.1.5 ok\r\n250 2.1.5 ok");
            await talk.ServeAsync(greet: false);
        }),
        new("answers the pipeline before it has come, and the message never", async talk =>
        {
            await talk.ServeAsync("MAIL");
            await talk.SayAsync("250 2.1.0 ok\r\n250 2.1.5 ok\r\n550 5.1.1 no\r\n450 4.2.1 later\r\n354 go on");
            await talk.FallSilentAsync();
        }),
    ];

    /// <summary>STARTTLS that does not work, with a certificate where one is needed.</summary>
    public static IReadOnlyList<Misbehaviour> AtTls { get; } =
    [
        new("hangs up at STARTTLS", talk => AtTlsAsync(talk, _ => Task.CompletedTask)),
        new("resets at STARTTLS", talk => AtTlsAsync(talk, ResetAsync)),
        new("answers STARTTLS with 454", talk => AtTlsAsync(talk, it => RefuseTlsAsync(it, "454 4.7.0 not now"))),
        new("answers STARTTLS with 554", talk => AtTlsAsync(talk, it => RefuseTlsAsync(it, "554 5.7.0 never"))),
        new("answers STARTTLS with 421", talk => AtTlsAsync(talk, it => it.SayAsync("421 4.3.2 closing"))),
        new("answers STARTTLS with garbage", talk => AtTlsAsync(talk, it => it.SayAsync("what?"))),
        new("never answers STARTTLS", talk => AtTlsAsync(talk, it => it.FallSilentAsync())),
        new("hangs up when the handshake begins", talk => InHandshakeAsync(talk, _ => Task.CompletedTask)),
        new("resets when the handshake begins", talk => InHandshakeAsync(talk, ResetAsync)),
        new("talks SMTP in the handshake", talk => InHandshakeAsync(talk, it => it.SayAsync("250 hello"))),
        new("sends an alert in the handshake", talk => InHandshakeAsync(talk, it => it.SendAsync("\x15\x03\x03\x00\x02\x02\x28"))),
        new("stops in the middle of a record of the handshake", talk => InHandshakeAsync(talk, async it =>
        {
            await it.SendAsync("\x16\x03\x03\x40\x00\x02");
            await it.FallSilentAsync();
        })),
        new("sends a record that is no handshake", talk => InHandshakeAsync(talk, it => it.SendAsync("\x17\x03\x03\x00\x05hello"))),
        new("never ends the handshake", talk => InHandshakeAsync(talk, it => it.FallSilentAsync())),
    ];

    /// <summary>TLS that works, and what is wrong about or behind it.</summary>
    /// <param name="certificate">Whatever a test finds wrong with it.</param>
    public static IReadOnlyList<Misbehaviour> OverTls(X509Certificate2 certificate) =>
    [
        new("has this certificate", talk => OverTlsAsync(talk, certificate, it => it.ServeAsync(greet: false))),
        new("hangs up after the handshake", talk => OverTlsAsync(talk, certificate, _ => Task.CompletedTask)),
        new("resets after the handshake", talk => OverTlsAsync(talk, certificate, ResetAsync)),
        new("answers EHLO with 451 after the handshake", talk => OverTlsAsync(talk, certificate, it => it.ServeAsync(answer: command => command.StartsWith("EHLO", StringComparison.Ordinal) ? "451 4.3.0 no" : null, greet: false))),
        new("answers EHLO with garbage after the handshake", talk => OverTlsAsync(talk, certificate, async it =>
        {
            await it.ServeAsync("EHLO", greet: false);
            await it.SayAsync("what?");
        })),
        new("resets after the message came over TLS", talk => OverTlsAsync(talk, certificate, async it =>
        {
            await it.ServeAsync(".", greet: false);
            it.Reset();
        })) { HasTheMessage = true },
    ];

    private static IEnumerable<Misbehaviour> AtCommand(string stage)
    {
        var (what, has) = (stage == "." ? "the dot" : stage, stage == ".");
        foreach (var (name, octets) in Garbage)
            yield return new($"{what}: {name}", talk => AtAsync(talk, stage, it => it.SendAsync(octets))) { HasTheMessage = has };
        yield return new($"{what}: hangs up", talk => AtAsync(talk, stage, _ => Task.CompletedTask)) { HasTheMessage = has };
        yield return new($"{what}: resets", talk => AtAsync(talk, stage, ResetAsync)) { HasTheMessage = has };
        yield return new($"{what}: falls silent", talk => AtAsync(talk, stage, it => it.FallSilentAsync())) { HasTheMessage = has };
        yield return new($"{what}: answers with lines without end", talk => AtAsync(talk, stage, async it =>
        {
            while (true)
                await it.SayAsync("250-more to come");
        })) { HasTheMessage = has };
        yield return new($"{what}: answers with a line without end", talk => AtAsync(talk, stage, it => it.RepeatForEverAsync(new string('2', 8192)))) { HasTheMessage = has };
        foreach (var reply in new[] { "421 4.3.2 closing", "451 4.3.0 trouble", "554 5.7.1 never" })
        {
            yield return new($"{what}: answers {reply[..3]}", async talk => await talk.ServeAsync(answer: command => command.StartsWith(stage, StringComparison.Ordinal) || (stage == "EHLO" && command.StartsWith("HELO", StringComparison.Ordinal)) ? reply : null)) { HasTheMessage = has };
            yield return new($"{what}: answers {reply[..3]} and hangs up", talk => AtAsync(talk, stage, it => it.SayAsync(reply))) { HasTheMessage = has };
        }
    }

    private static async Task AtAsync(ServerTalk talk, string stage, Func<ServerTalk, Task> then)
    {
        await talk.ServeAsync(stage);
        await then(talk);
    }

    private static async Task InMessageAsync(ServerTalk talk, Func<ServerTalk, Task> then)
    {
        await talk.ServeAsync("DATA");
        await talk.SayAsync("354 go on");
        await talk.TakeOctetsAsync(40);
        await then(talk);
    }

    private static Misbehaviour After(string name, Func<ServerTalk, Task> then) => new(name, talk => AfterMessageAsync(talk, then)) { HasTheMessage = true };

    private static async Task AfterMessageAsync(ServerTalk talk, Func<ServerTalk, Task> then)
    {
        await talk.ServeAsync(".");
        await then(talk);
    }

    private static async Task AtTlsAsync(ServerTalk talk, Func<ServerTalk, Task> then)
    {
        talk.Extensions = [.. talk.Extensions, "STARTTLS"];
        var command = await talk.ServeAsync("STARTTLS");
        if (command == "STARTTLS")
            await then(talk);
    }

    private static async Task RefuseTlsAsync(ServerTalk talk, string reply)
    {
        await talk.SayAsync(reply);
        await talk.ServeAsync(greet: false);
    }

    private static Task InHandshakeAsync(ServerTalk talk, Func<ServerTalk, Task> then) => AtTlsAsync(talk, async it =>
    {
        await it.SayAsync("220 2.0.0 go on");
        await it.TakeOctetsAsync(5);
        await then(it);
    });

    private static Task OverTlsAsync(ServerTalk talk, X509Certificate2 certificate, Func<ServerTalk, Task> then) => AtTlsAsync(talk, async it =>
    {
        await it.SayAsync("220 2.0.0 go on");
        await it.UpgradeAsync(certificate);
        await then(it);
    });

    private static Task ResetAsync(ServerTalk talk)
    {
        talk.Reset();
        return Task.CompletedTask;
    }
}
