using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using MailSuite.Testing;
using MailSuite.Testing.Fuzz;

namespace MailSuite.Mda.Tests.Imap.Fuzz;

/// <summary>A whole session from a state: whatever comes, it ends, every line it says is one of IMAP, what it says is bounded, and no error of ours is logged.</summary>
/// <param name="before">What brings the session there.</param>
internal sealed class ImapSessionTarget(string name, string before) : FuzzTarget(name)
{
    /// <summary>Real time after which a session counts as hanging.</summary>
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(20);

    /// <summary>Octets that a session may say for each octet that it hears, and at all: a list of mailboxes or a message for a few octets.</summary>
    private const long SaidPerOctet = 4_000;

    private const long SaidAtAll = 256 * 1024;

    private ImapScene? _scene;

    public override FuzzInput Generate(Random random) => new Mutator(random).Transcript(ImapCorpus.Dialogues, ImapCorpus.Words);

    public override async ValueTask CheckAsync(FuzzInput input)
    {
        var scene = _scene ??= await MakeAsync();
        var transports = new ConnectedTransports();
        var serving = ServeAsync(scene, transports);
        var reading = ReadAllAsync(transports.Client.Input);
        await transports.SendAsync(Encoding.Latin1.GetBytes(before), CancellationToken.None);
        foreach (var step in input.Steps.Where(step => step.Octets.Length > 0))
            await transports.SendAsync(step.Octets, CancellationToken.None);
        await transports.Client.Output.CompleteAsync();
        try
        {
            await serving.WaitAsync(Guard);
        }
        catch (TimeoutException)
        {
            throw new FuzzException("hang", "the session does not end");
        }

        var said = await reading;
        FuzzException.Unless(!scene.Log.Errors.Any(), "error", string.Join('\n', scene.Log.Errors.Take(1)));
        FuzzException.Unless(said.Length <= SaidAtAll + (SaidPerOctet * input.Octets.Length), "octets", $"{said.Length} octets for {input.Octets.Length}");
        if (!input.Latin1.Contains("COMPRESS", StringComparison.OrdinalIgnoreCase))
            CheckLines(said);
    }

    public override async ValueTask ResetAsync()
    {
        if (_scene is not null)
            await _scene.DisposeAsync();
        _scene = null;
    }

    private static async Task<ImapScene> MakeAsync()
    {
        var scene = new ImapScene(options => options with { MaxErrors = 10_000, MaxSessionsPerAccount = 10_000 });
        await scene.Mda.AddAccountAsync("fuzz@example.org");
        for (var i = 0; i < 3; i++)
            await scene.Mda.DeliverAsync(MdaScene.Message($"Message {i}"), "fuzz@example.org");
        return scene;
    }

    private static async Task ServeAsync(ImapScene scene, ConnectedTransports transports)
    {
        await Task.Yield();
        try
        {
            await scene.Server.ServeAsync(transports.Server, implicitTls: false, CancellationToken.None);
        }
        finally
        {
            await transports.Server.DisposeAsync();
        }
    }

    private static async Task<byte[]> ReadAllAsync(PipeReader input)
    {
        var said = new MemoryStream();
        while (true)
        {
            var read = await input.ReadAsync();
            foreach (var part in read.Buffer)
                said.Write(part.Span);
            input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return said.ToArray();
        }
    }

    /// <summary>Each response begins as one does, and ends with CRLF; literals are passed over.</summary>
    private static void CheckLines(ReadOnlySpan<byte> said)
    {
        var isStart = true;
        while (!said.IsEmpty)
        {
            var end = said.IndexOf("\r\n"u8);
            FuzzException.Unless(end >= 0, "line", "the last line has no end");
            var line = said[..end];
            FuzzException.Unless(line.IndexOfAny((byte)'\r', (byte)'\n', (byte)0) < 0, "line", Encoding.Latin1.GetString(line));
            if (isStart)
                FuzzException.Unless(IsResponse(Encoding.Latin1.GetString(line)), "response", Encoding.Latin1.GetString(line));
            said = said[(end + 2)..];
            isStart = true;
            if (line.Length > 0 && line[^1] == '}' && int.TryParse(line[(line.LastIndexOf((byte)'{') + 1)..^1], System.Globalization.NumberStyles.None, null, out var octets))
            {
                FuzzException.Unless(octets <= said.Length, "literal", Encoding.Latin1.GetString(line));
                said = said[octets..];
                isStart = false;
            }
        }
    }

    private static bool IsResponse(string line) =>
        line.StartsWith("* ", StringComparison.Ordinal) || line.StartsWith("+ ", StringComparison.Ordinal)
        || (line.Split(' ', 3) is [{ Length: > 0 }, "OK" or "NO" or "BAD", { Length: > 0 }]);
}
