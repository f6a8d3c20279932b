namespace MailSuite.Mda.Tests.Imap;

/// <summary>Several sessions change one mailbox in every way; each believes only what it is told, and all end with the truth.</summary>
public sealed class SelectedMailboxModelTests
{
    private static readonly string[] Flags = ["\\Seen", "\\Flagged", "\\Deleted", "\\Deleted", "\\Draft", "work", "$Junk"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Sessions_in_turn_end_with_the_same_mailbox(int seed)
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(12);
        await using var first = new ModelClient(await scene.Imap.SignInAsync(), vanishes: false);
        await using var second = new ModelClient(await scene.Imap.SignInAsync(), vanishes: true);
        await using var third = new ModelClient(await scene.Imap.SignInAsync(), vanishes: false);
        ModelClient[] clients = [first, second, third];
        foreach (var client in clients)
            await client.SelectAsync();

        var random = new Random(seed);
        for (var step = 0; step < 250; step++)
            await StepAsync(scene, clients[random.Next(clients.Length)], random);
        await SeeTheSameAsync(scene, clients);
    }

    [Fact]
    public async Task Sessions_at_once_end_with_the_same_mailbox()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(20);
        await using var first = new ModelClient(await scene.Imap.SignInAsync(), vanishes: false);
        await using var second = new ModelClient(await scene.Imap.SignInAsync(), vanishes: true);
        await using var third = new ModelClient(await scene.Imap.SignInAsync(), vanishes: true);
        ModelClient[] clients = [first, second, third];
        foreach (var client in clients)
            await client.SelectAsync();

        await Task.WhenAll(clients.Select((client, i) => Task.Run(async () =>
        {
            var random = new Random(i);
            for (var step = 0; step < 100; step++)
                await StepAsync(scene, client, random);
        })));
        await SeeTheSameAsync(scene, clients);
    }

    private static async Task StepAsync(MailboxScene scene, ModelClient client, Random random)
    {
        var step = random.Next(12);
        if (client.Count == 0 && step is not (0 or 1))
            step = random.Next(2);
        var number = client.Count == 0 ? 0 : random.Next(client.Count) + 1;
        var flag = Flags[random.Next(Flags.Length)];
        switch (step)
        {
            case 0:
                await scene.FillAsync(random.Next(3));
                break;
            case 1:
                await client.MovingAsync("NOOP");
                break;
            case 2 or 3:
                await client.FixedAsync($"STORE {number} {"+-"[random.Next(2)]}FLAGS ({flag})");
                break;
            case 4 or 5:
                await client.StoreSilentlyAsync(number, flag, random.Next(3) > 0);
                break;
            case 6:
                await client.MovingAsync($"UID STORE 1:* +FLAGS ({flag.Replace("\\Deleted", "\\Answered", StringComparison.Ordinal)})");
                break;
            case 7:
                await client.MovingAsync("EXPUNGE");
                break;
            case 8:
                await client.MovingAsync($"MOVE {number} Trash");
                break;
            case 9:
                await client.FixedAsync($"FETCH {number} (UID FLAGS BODY[TEXT])");
                break;
            case 10:
                await client.MovingAsync("UID FETCH 1:* (FLAGS)");
                break;
            default:
                await client.MovingAsync($"COPY {number} INBOX");
                break;
        }
    }

    private static async Task SeeTheSameAsync(MailboxScene scene, ModelClient[] clients)
    {
        await using var truth = new ModelClient(await scene.Imap.SignInAsync(), vanishes: false);
        await truth.SelectAsync();
        foreach (var client in clients)
        {
            await client.MovingAsync("NOOP");
            Assert.Equal(truth.Count, client.Count);
            for (var i = 0; i < truth.Count; i++)
            {
                if (client.Messages[i].Uid != 0)
                    Assert.Equal(truth.Messages[i].Uid, client.Messages[i].Uid);
                if (client.Messages[i].Flags is { } flags)
                    Assert.Equal(truth.Messages[i].Flags, flags);
            }
        }
    }
}
