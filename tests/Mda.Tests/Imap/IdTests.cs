using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Imap;

public sealed class IdTests
{
    [Theory, EveryChunking]
    public Task Says_what_this_is_before_and_after_signing_in(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.Hello + """
        C: a ID NIL
        S: * ID ("name" "MailSuite")
        S: a OK Pleased to meet you.
        C: b ID ()
        S: * ID ("name" "MailSuite")
        S: b OK Pleased to meet you.
        C: c ID ("name" "K-9" "version" NIL "os" {3+}
        C: x y)
        S: * ID ("name" "MailSuite")
        S: c OK Pleased to meet you.
        """);

    [Fact]
    public async Task Only_the_programs_name_and_version_reach_the_log()
    {
        await using var scene = new ImapScene();
        var client = await scene.ConnectAsync();
        await client.OkAsync("ID (\"name\" {7+}\r\nMutt\r\nx \"version\" \"2\" \"password\" \"hunter2\")");
        Assert.Contains(scene.Log.Lines, line => line == "[192.0.2.7] is the program Mutt??x 2");
        Assert.DoesNotContain(scene.Log.Lines, line => line.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Takes_thirty_fields_of_thirty_octets_with_a_thousand_each_and_no_more()
    {
        await using var scene = new ImapScene();
        var client = await scene.ConnectAsync();
        await client.OkAsync($"ID ({string.Join(' ', Enumerable.Repeat("\"a\" \"b\"", 30))})");
        await client.BadAsync($"ID ({string.Join(' ', Enumerable.Repeat("\"a\" \"b\"", 31))})");
        await client.OkAsync($"ID (\"{new string('a', 30)}\" \"{new string('b', 1024)}\")");
        await client.BadAsync($"ID (\"{new string('a', 31)}\" \"b\")");
        await client.BadAsync($"ID (\"a\" \"{new string('b', 1025)}\")");
        await client.BadAsync("ID");
        await client.BadAsync("ID (\"a\")");
        await client.BadAsync("ID (NIL \"b\")");
    }
}
