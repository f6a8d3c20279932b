using MailSuite.Mda.Imap;
using MailSuite.Mda.Imap.Commands;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>What every session has: the greeting, the states, the simple commands and their mistakes.</summary>
public sealed class SessionTests
{
    [Theory, EveryChunking]
    public Task Greets_with_its_capabilities_and_says_goodbye(Chunking chunking) => ImapScene.PlayAsync(chunking, """
        S: * OK [CAPABILITY IMAP4rev1 IMAP4rev2 *] MailSuite is ready.
        C: a NOOP
        S: a OK Done.
        C: b LOGOUT
        S: * BYE Until next time.
        S: b OK Goodbye.
        S: (closed)
        """);

    [Theory, EveryChunking]
    public Task Says_what_it_can_do(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.Hello + """
        C: a capability
        S: * CAPABILITY IMAP4rev1 IMAP4rev2 * AUTH=PLAIN *
        S: a OK That is all.
        C: b CAPABILITY x
        S: b BAD This command takes no arguments.
        """);

    [Theory, EveryChunking]
    public Task Signs_in_by_name_and_password_and_once_only(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a LOGIN ann@example.org secret
        S: a BAD Somebody has signed in already.
        C: b AUTHENTICATE PLAIN
        S: b BAD Somebody has signed in already.
        """);

    [Theory, EveryChunking]
    public Task Name_and_password_may_be_quoted_or_literals(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.Hello + """
        C: a LOGIN {15}
        S: + OK
        C: ann@example.org {3}
        S: + OK
        C: a b
        S: a OK [CAPABILITY *] Signed in.
        """);

    [Theory, EveryChunking]
    public Task Literals_without_waiting_are_taken_at_once(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.Hello + """
        C: a LOGIN {15+}
        C: ann@example.org "a \"\\ b"
        S: a OK [CAPABILITY *] Signed in.
        """);

    [Theory, EveryChunking]
    public Task What_is_no_command_hears_BAD(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.Hello + """
        C> \r\n
        S: * BAD A command is a tag, a space and its name.
        C: a
        S: a BAD A command is a tag, a space and its name.
        C: + NOOP
        S: * BAD A command is a tag, a space and its name.
        C: a XYZZY
        S: a BAD There is no such command.
        C: a UID
        S: a BAD There is no such command.
        C: a LOGIN ann
        S: a BAD The arguments are not those of this command.
        C: a ENABLE IMAP4rev2
        S: a BAD Sign in first.
        C> a NOOP\n
        S: a BAD A line ends with CR and LF.
        C: a NOOP
        S: a OK Done.
        """);

    [Theory, EveryChunking]
    public Task A_literal_of_a_refused_command_is_not_asked_for(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.Hello + """
        C: a XYZZY {5}
        S: a BAD There is no such command.
        C: b XYZZY {5+}
        C: hello {3+}
        C: abc
        S: b BAD There is no such command.
        C: c NOOP
        S: c OK Done.
        """);

    [Fact]
    public async Task A_bug_of_ours_is_temporary_and_its_half_response_is_ended()
    {
        await using var scene = new ImapScene(add: services => services.AddSingleton<IImapCommand>(new BrokenCommand(writer => writer.Raw("* 1 FETCH (FLAGS"u8))));
        var client = await scene.ConnectAsync();
        Assert.Equal(["* 1 FETCH (FLAGS", "A1 NO [SERVERBUG] Something went wrong here. Try again."], await client.CommandAsync("BREAK"));
        Assert.Contains(scene.Log.Errors, line => line.StartsWith("BREAK of [192.0.2.7] failed", StringComparison.Ordinal));
        await client.OkAsync("NOOP");
    }

    [Fact]
    public async Task In_a_literal_it_ends_the_session()
    {
        await using var scene = new ImapScene(add: services => services.AddSingleton<IImapCommand>(new BrokenCommand(writer => writer.Raw("* 1 FETCH (BODY[] "u8).LiteralHeader(10).Raw("half"u8))));
        var client = await scene.ConnectAsync();
        await client.BeginAsync("BREAK");
        await client.Serving.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    private sealed class BrokenCommand(Action<ImapWriter> write) : IImapCommand
    {
        public string Name => "BREAK";

        public ImapStates AllowedIn => ImapStates.Any;

        public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
        {
            write(session.Writer);
            throw new InvalidOperationException("a bug");
        }
    }
}
