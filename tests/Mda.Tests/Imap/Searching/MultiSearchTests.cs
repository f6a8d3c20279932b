using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Tests.Imap.Searching;

public sealed class MultiSearchTests
{
    [Theory]
    [InlineData("ESEARCH IN (mailboxes (INBOX Archive)) SUBJECT plan", "INBOX 1", "Archive 1:2")]
    [InlineData("ESEARCH IN (personal) RETURN (ALL) SUBJECT plan", "INBOX 1", "Archive 1:2")]
    [InlineData("ESEARCH IN (inboxes mailboxes Archive) SUBJECT plan", "INBOX 1", "Archive 1:2")]
    [InlineData("ESEARCH IN (subscribed) SUBJECT plan UNSEEN", "INBOX 1", "Archive 1:2")]
    [InlineData("ESEARCH IN (subtree Archive) SUBJECT plan", "Archive 1:2")]
    [InlineData("ESEARCH IN (subtree-one Archive) SUBJECT plan", "Archive 1:2")]
    [InlineData("ESEARCH IN (mailboxes Nowhere) ALL")]
    [InlineData("ESEARCH IN (selected) SUBJECT plan", "INBOX 1")]
    [InlineData("ESEARCH SUBJECT plan", "INBOX 1")]
    public async Task Looks_through_several_mailboxes(string command, params string[] found)
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.AppendAsync("Subject: plan\r\n\r\nx\r\n");
        await scene.AppendAsync("Subject: other\r\n\r\nx\r\n");
        await scene.AppendAsync("Subject: plan\r\n\r\nx\r\n", box: SpecialUse.Archive);
        await scene.AppendAsync("Subject: plan\r\n\r\nx\r\n", box: SpecialUse.Archive);
        var client = await scene.SelectAsync();

        var responses = await client.OkAsync(command);

        Assert.Equal(found.Order(), responses.Select(response => System.Text.RegularExpressions.Regex.Match(response, @"^ESEARCH \(TAG ""A3"" MAILBOX (\S+) UIDVALIDITY \d+\) UID ALL (\S+)$")).Select(match => $"{match.Groups[1]} {match.Groups[2]}").Order());
    }

    [Theory]
    [InlineData("ESEARCH IN () ALL")]
    [InlineData("ESEARCH IN (nonsense) ALL")]
    [InlineData("ESEARCH IN (selected-delayed) ALL")]
    [InlineData("ESEARCH IN (mailboxes) ALL")]
    [InlineData("ESEARCH IN (personal) 1:3")]
    [InlineData("ESEARCH IN (personal) RETURN (SAVE) ALL")]
    [InlineData("ESEARCH IN (personal) RETURN (UPDATE) ALL")]
    [InlineData("ESEARCH IN (personal)")]
    public async Task Wants_its_grammar(string command)
    {
        await using var scene = await MailboxScene.CreateAsync();
        var client = await scene.SelectAsync();

        await client.BadAsync(command);
    }

    [Fact]
    public async Task Needs_no_selected_mailbox_and_shows_nobody_the_mail_of_others()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.AppendAsync("Subject: plan\r\n\r\nx\r\n");
        var ben = await scene.Imap.SignInAsync("ben@example.org");

        Assert.Empty(await ben.OkAsync("ESEARCH IN (personal subscribed mailboxes (INBOX \"Other Users/ann@example.org/INBOX\")) ALL"));
        await ben.BadAsync("ESEARCH IN (selected) ALL");
    }
}
