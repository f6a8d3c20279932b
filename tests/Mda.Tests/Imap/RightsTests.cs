using MailSuite.Mda.Mailboxes;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>Which right each command needs on a mailbox of somebody else (RFC 4314 §4).</summary>
public sealed class RightsTests
{
    private const string Box = "\"Other Users/ann@example.org/box\"";

    private const string All = "lrswipkxtea";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SUBSCRIBE {0}", "l")]
    [InlineData("STATUS {0} (MESSAGES)", "r")]
    [InlineData("SELECT {0}", "r")]
    [InlineData("EXAMINE {0}", "r")]
    [InlineData("GETQUOTAROOT {0}", "r")]
    [InlineData("GETMETADATA {0} /shared/comment", "r")]
    [InlineData("SETMETADATA {0} (/private/comment \"x\")", "r")]
    [InlineData("SETMETADATA {0} (/shared/comment \"x\")", "w")]
    [InlineData("CREATE \"Other Users/ann@example.org/box/new\"", "k")]
    [InlineData("DELETE {0}", "x")]
    [InlineData("RENAME \"Other Users/ann@example.org/box/sub\" \"Other Users/ann@example.org/box/other\"", "kx")]
    [InlineData("SETACL {0} anyone l", "a")]
    [InlineData("DELETEACL {0} anyone", "a")]
    [InlineData("GETACL {0}", "a")]
    [InlineData("LISTRIGHTS {0} anyone", "a")]
    public async Task A_command_needs_its_right_and_no_other(string command, string needed)
    {
        await using var scene = new ImapScene();
        await using var ben = await scene.SignInAsync("ben@example.org");
        await using var ann = await scene.SignInAsync();
        await ann.OkAsync("CREATE box/sub");
        var said = command.Replace("{0}", Box, StringComparison.Ordinal);

        foreach (var letter in needed)
        {
            await GiveAsync(ann, All.Replace($"{letter}", "", StringComparison.Ordinal));
            await ben.NoAsync(said);
        }

        await GiveAsync(ann, needed);
        await ben.OkAsync(said);
    }

    [Theory]
    [InlineData("STORE 1 +FLAGS (\\Seen)", "s")]
    [InlineData("STORE 1 +FLAGS (\\Deleted)", "t")]
    [InlineData("STORE 1 +FLAGS (\\Flagged)", "w")]
    [InlineData("STORE 1 +FLAGS (keyword)", "w")]
    [InlineData("EXPUNGE", "e")]
    [InlineData("MOVE 1 INBOX", "te")]
    public async Task A_command_on_messages_needs_its_right_and_no_other(string command, string needed)
    {
        foreach (var letter in needed)
        {
            await using var without = new ImapScene();
            await using var refused = await SelectAsync(without, All.Replace($"{letter}", "", StringComparison.Ordinal));
            await refused.NoAsync(command);
        }

        await using var scene = new ImapScene();
        await using var ben = await SelectAsync(scene, "r" + needed);
        await ben.OkAsync(command);
    }

    [Theory]
    [InlineData("COPY 1 {0}")]
    [InlineData("MOVE 1 {0}")]
    [InlineData("APPEND {0} {2+}\r\n\r\n")]
    public async Task What_comes_into_a_mailbox_needs_the_right_to_insert(string command)
    {
        await using var scene = new ImapScene();
        await using var ben = await scene.SignInAsync("ben@example.org");
        await using var ann = await scene.SignInAsync();
        await ann.OkAsync("CREATE box");
        await scene.Mda.DeliverAsync(MdaScene.Message(), "ben@example.org");
        await ben.OkAsync("SELECT INBOX");
        var said = command.Replace("{0}", Box, StringComparison.Ordinal);

        await GiveAsync(ann, All.Replace("i", "", StringComparison.Ordinal));
        await ben.NoAsync(said);
        await GiveAsync(ann, "i");
        await ben.OkAsync(said);
        Assert.Equal(["STATUS box (MESSAGES 1)"], await ann.OkAsync("STATUS box (MESSAGES)"));
    }

    [Theory]
    [InlineData("COPY", "i", "")]
    [InlineData("COPY", "is", "\\Seen")]
    [InlineData("COPY", "it", "\\Deleted")]
    [InlineData("COPY", "iw", "\\Flagged keyword")]
    [InlineData("MOVE", "i", "")]
    [InlineData("MOVE", "iw", "\\Flagged keyword")]
    [InlineData("MOVE", "istw", "\\Flagged \\Deleted \\Seen keyword")]
    public async Task A_message_brings_only_the_flags_that_may_be_set_there(string command, string rights, string flags)
    {
        await using var scene = new ImapScene();
        await using var ben = await scene.SignInAsync("ben@example.org");
        await using var ann = await scene.SignInAsync();
        await ann.OkAsync("CREATE box");
        await GiveAsync(ann, rights);
        await scene.Mda.DeliverAsync(MdaScene.Message(), "ben@example.org");
        await ben.OkAsync("SELECT INBOX");
        await ben.OkAsync("STORE 1 FLAGS (\\Seen \\Flagged \\Deleted keyword)");

        await ben.OkAsync($"{command} 1 {Box}");

        await ann.OkAsync("SELECT box");
        var told = Assert.Single(await ann.OkAsync("FETCH 1 FLAGS"));
        Assert.Equal(flags.Split(' ').Order(StringComparer.Ordinal), told[(told.LastIndexOf('(') + 1)..told.IndexOf(')', StringComparison.Ordinal)].Split(' ').Order(StringComparer.Ordinal));
        var unseen = flags.Contains("Seen", StringComparison.Ordinal) ? 0 : 1;
        var deleted = flags.Contains("Deleted", StringComparison.Ordinal) ? 1 : 0;
        Assert.Equal([$"STATUS box (UNSEEN {unseen} DELETED {deleted})"], await ann.OkAsync("STATUS box (UNSEEN DELETED)"));
    }

    [Fact]
    public async Task Reading_a_message_leaves_it_unseen_without_the_right_to_keep_that()
    {
        await using var scene = new ImapScene();
        await using var ben = await SelectAsync(scene, "r");

        Assert.DoesNotContain(await ben.OkAsync("FETCH 1 BODY[TEXT]"), response => response.Contains("\\Seen", StringComparison.Ordinal));
        Assert.Equal(["FETCH 1 (FLAGS ())"], (await ben.OkAsync("FETCH 1 FLAGS")).Select(response => response.Replace("1 FETCH", "FETCH 1", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_is_taken_away_is_gone_at_once_in_a_session_too()
    {
        await using var scene = new ImapScene();
        await using var ben = await SelectAsync(scene, "lrsw");
        await using var ann = await scene.SignInAsync();

        await ben.OkAsync("STORE 1 +FLAGS.SILENT (\\Flagged)");
        await ann.OkAsync("SETACL box ben@example.org -w");
        await ben.NoAsync("STORE 1 -FLAGS.SILENT (\\Flagged)");
        await ann.OkAsync("DELETEACL box ben@example.org");
        Assert.Equal(["1 EXPUNGE"], await ben.OkAsync("UID FETCH 1:* (FLAGS BODY[TEXT])"));
        await ben.NoAsync("UID STORE 1 +FLAGS (\\Seen)");
        await ann.OkAsync("SETACL box ben@example.org lr");
        Assert.Contains("1 EXISTS", await ben.OkAsync("NOOP"));
    }

    [Fact]
    public async Task Without_a_right_that_shows_it_a_mailbox_is_absent()
    {
        await using var scene = new ImapScene();
        await using var ben = await scene.SignInAsync("ben@example.org");
        await using var ann = await scene.SignInAsync();
        await ann.OkAsync("CREATE box");
        string[] commands = [$"SELECT {Box}", $"STATUS {Box} (MESSAGES)", $"DELETE {Box}", $"GETACL {Box}", $"MYRIGHTS {Box}", $"SUBSCRIBE {Box}", $"CREATE {Box}"];
        string[] absent = [.. commands.Select(command => command.Replace("/box", "/nothing", StringComparison.Ordinal))];

        for (var i = 0; i < commands.Length; i++)
            Assert.Equal(await ben.NoAsync(absent[i]), await ben.NoAsync(commands[i]));
    }

    private static async Task GiveAsync(ImapClient owner, string rights)
    {
        await owner.OkAsync($"SETACL box ben@example.org {rights}");
        if ((await owner.OkAsync("LIST \"\" box/sub")).Count > 0)
            await owner.OkAsync($"SETACL box/sub ben@example.org {rights}");
    }

    private static async Task<ImapClient> SelectAsync(ImapScene scene, string rights)
    {
        var ben = await scene.SignInAsync("ben@example.org");
        await using var ann = await scene.SignInAsync();
        await ann.OkAsync("CREATE box");
        var account = (await scene.Mda.Accounts.FindAsync(MdaScene.Address("ann@example.org"), Cancellation))!;
        var box = (await scene.Mda.Services.GetRequiredService<MailboxNames>().ResolveAsync(account.Id, "box", Cancellation))!;
        await scene.Mda.Mailboxes.AppendAsync(account.Id, box.Id, new MessageAppend(DeliveryId.New(scene.Clock), MdaScene.Message(), MessageFlags.None, null, null), Cancellation);
        await GiveAsync(ann, rights);
        await ben.OkAsync($"SELECT {Box}");
        return ben;
    }
}
