using System.IO.Pipelines;
using System.Net;
using System.Text;
using MailSuite.Shared.LineProtocol;
using MailSuite.Testing.Fuzz;

namespace MailSuite.Mda.Tests.Pop3.Fuzz;

/// <summary>Whole sessions that have come to one state when the generated part begins.</summary>
/// <param name="beginning">What the client has said up to there.</param>
internal sealed class Pop3SessionTarget(string name, string beginning) : FuzzTarget(name)
{
    /// <summary>Sessions of one server, after which another one is taken: it keeps all that it was given.</summary>
    private const int MaxSessions = 200;

    private const int Messages = 3;

    private static readonly string Message = "Subject: x\r\n\r\n.\r\n..\r\n-ERR no response\r\n+OK neither\r\n" + new string('y', 500) + "\r\n";
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(20);
    private static readonly IPEndPoint Client = new(IPAddress.Parse("192.0.2.7"), 40_000);

    private readonly byte[] _beginning = Encoding.Latin1.GetBytes(beginning);
    private Pop3Scene? _scene;
    private int _sessions;

    public override FuzzInput Generate(Random random) => new Mutator(random).Transcript(Pop3Corpus.Dialogues, Pop3Corpus.Words);

    public override async ValueTask CheckAsync(FuzzInput input)
    {
        try
        {
            await PlayAsync(input);
        }
        catch
        {
            // What it has left must not be laid to the next one.
            await ResetAsync();
            throw;
        }
    }

    public override async ValueTask ResetAsync()
    {
        if (_scene is not null)
            await _scene.DisposeAsync();
        (_scene, _sessions) = (null, 0);
    }

    private async ValueTask PlayAsync(FuzzInput input)
    {
        if (++_sessions > MaxSessions)
            await ResetAsync();
        var scene = _scene ??= await Pop3Scene.WithAsync([], options => options with { MaxCommandLineOctets = 255, MaxErrors = 8, MaxAuthenticationFailures = 3 });
        var before = await UidsAsync(scene);
        for (; before.Count < Messages; before = await UidsAsync(scene))
            await scene.AppendAsync(scene.Alice, Message);

        string output;
        try
        {
            output = await TalkAsync(scene, input).WaitAsync(Guard);
        }
        catch (TimeoutException)
        {
            throw new FuzzException("a session that does not end", input.ToString());
        }

        FuzzException.Unless(!scene.Log.Errors.Any(), "an error of ours in the log", string.Join('\n', scene.Log.Errors));
        var model = new Pop3Model([.. _beginning, .. input.Octets], output, maxLine: 255, input.HasWaits);
        var removed = model.Play();
        var expected = before.Where((_, i) => !removed.Contains(i + 1)).ToList();
        var after = await UidsAsync(scene);
        FuzzException.Unless(expected.SequenceEqual(after), "other messages than QUIT has removed", $"there are {string.Join(' ', after)} and not {string.Join(' ', expected)}");
    }

    private async Task<string> TalkAsync(Pop3Scene scene, FuzzInput input)
    {
        var up = new Pipe(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
        var down = new Pipe(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
        await using var server = new PipeTransport(up.Reader, down.Writer, null, Client, null);
        var serving = scene.Server.ServeAsync(server, implicitTls: false, CancellationToken.None);
        await up.Writer.WriteAsync(_beginning);
        foreach (var step in input.Steps)
        {
            if (step.Wait > TimeSpan.Zero)
                scene.Clock.Advance(step.Wait);
            else if ((await up.Writer.WriteAsync(step.Octets)).IsCompleted)
                break;
        }

        await up.Writer.CompleteAsync();
        await serving;
        await server.DisposeAsync();
        await using var stream = down.Reader.AsStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }

    private static async Task<List<uint>> UidsAsync(Pop3Scene scene) => [.. (await scene.Mda.MessagesAsync(scene.Alice)).Select(message => message.Uid.Value).Order()];
}
