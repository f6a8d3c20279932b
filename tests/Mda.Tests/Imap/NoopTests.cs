namespace MailSuite.Mda.Tests.Imap;

public sealed class NoopTests
{
    [Theory]
    [InlineData("NOOP")]
    [InlineData("CHECK")]
    public async Task Tells_what_another_process_did(string command)
    {
        await using var scene = new ImapScene();
        await using var client = await scene.SignInAsync();
        await using var other = new MdaScene(options => options with { EveryoneIsLocal = true }, scene.Mda.Directory);
        await client.OkAsync("SELECT INBOX");

        await other.DeliverAsync(MdaScene.Message(), "ann@example.org");

        Assert.Equal(["1 EXISTS"], await client.OkAsync(command));
        await client.BadAsync($"{command} now");
    }
}
