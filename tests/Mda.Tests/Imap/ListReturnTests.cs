using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>LIST with RETURN: what is told beside the names.</summary>
public sealed class ListReturnTests
{
    [Theory, EveryChunking]
    public Task Returns_the_status_of_mailboxes(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a CREATE x/y
        S: a OK *
        C: b DELETE x
        S: b OK *
        C: c LIST "" x* RETURN (STATUS (MESSAGES UNSEEN SIZE) SUBSCRIBED)
        S: * LIST (\HasChildren \NonExistent) "/" x
        S: * LIST (\HasNoChildren) "/" x/y
        S: * STATUS x/y (MESSAGES 0 UNSEEN 0 SIZE 0)
        S: c OK That is all.
        """);

    [Theory, EveryChunking]
    public Task Returns_ones_rights(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a LIST "" INBOX RETURN (MYRIGHTS)
        S: * LIST (\HasNoChildren) "/" INBOX
        S: * MYRIGHTS INBOX lrswipkxteacd
        S: a OK That is all.
        """);

    [Theory, EveryChunking]
    public Task Returns_annotations(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a SETMETADATA INBOX (/shared/comment "ours" /private/comment "mine")
        S: a OK *
        C: b LIST "" (INBOX Sent) RETURN (METADATA ("/shared/comment" /private/specialuse))
        S: * LIST (\HasNoChildren) "/" INBOX
        S: * METADATA INBOX (/shared/comment "ours" /private/specialuse NIL)
        S: * LIST (\HasNoChildren \Sent) "/" Sent
        S: * METADATA Sent (/shared/comment NIL /private/specialuse "\\Sent")
        S: b OK That is all.
        C: c LIST "" INBOX RETURN (METADATA /private/comment)
        S: * LIST (\HasNoChildren) "/" INBOX
        S: * METADATA INBOX (/private/comment "mine")
        S: c OK That is all.
        """);

    [Fact]
    public async Task Returns_of_shared_mailboxes_only_what_ones_rights_allow()
    {
        await using var scene = new ImapScene();
        await using var ben = await scene.SignInAsync("ben@example.org");
        await using var ann = await scene.SignInAsync();
        await ann.OkAsync("SETACL INBOX ben@example.org lr");
        await ann.OkAsync("SETACL Sent ben@example.org l");
        await ann.OkAsync("SETMETADATA INBOX (/shared/comment \"ours\" /private/comment \"mine\")");

        Assert.Equal(
            ["LIST (\\HasNoChildren) \"/\" \"Other Users/ann@example.org/INBOX\"",
             "MYRIGHTS \"Other Users/ann@example.org/INBOX\" lr",
             "STATUS \"Other Users/ann@example.org/INBOX\" (MESSAGES 0)",
             "METADATA \"Other Users/ann@example.org/INBOX\" (/shared/comment \"ours\" /private/comment NIL)",
             "LIST (\\HasNoChildren \\Noselect) \"/\" \"Other Users/ann@example.org/Sent\"",
             "MYRIGHTS \"Other Users/ann@example.org/Sent\" l"],
            await ben.OkAsync("LIST \"Other Users/ann@example.org/\" % RETURN (MYRIGHTS STATUS (MESSAGES) METADATA (/shared/comment /private/comment))"));
    }
}
