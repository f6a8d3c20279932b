using System.Globalization;
using System.IO.Pipelines;
using MailSuite.Mta.Delivery;
using MailSuite.Shared.LineProtocol;
using MailSuite.Testing.Fuzz;

namespace MailSuite.Mta.Tests.Fuzz;

/// <summary>What our client hears of another host does not depend on the parts in which it comes, is bounded, and has nothing in it that moves a terminal.</summary>
internal static class ReplyTargets
{
    private static readonly DeliveryLimits Limits = new() { MaxReplyLineOctets = 80, MaxReplyLines = 5 };

    private static readonly string[] Sessions =
    [
        "220 mx ESMTP\r\n250-mx\r\n250-PIPELINING\r\n250 SIZE 100\r\n250 2.1.0 ok\r\n250 2.1.5 ok\r\n354 go on\r\n250 2.0.0 taken\r\n221 bye\r\n",
        "220-a\r\n220-b\r\n220-c\r\n220-d\r\n220 e\r\n250\r\n421 4.3.2 closing\r\n",
        "554-5.7.1 not\r\n554 5.7.1 you\r\n500 what?\r\n",
        "220 \xc3\xbc\xff\x1b[31m\r\n250-\r\n250 \r\n",
    ];

    private static readonly string[] Words = ["250 ", "250-", "250", "421 ", "599-", "199 ", "\r\n", "\n", "\r", "-", "\0", "0123456789012345678901234567890123456789012345678901234567890123456789"];

    public static IReadOnlyList<FuzzTarget> All { get; } = [new FunctionTarget("replies of others", random => new Mutator(random).Transcript(Sessions, Words), Replies)];

    private static void Replies(FuzzInput input)
    {
        var heard = Hear(input.Steps.Select(step => step.Octets));
        FuzzException.Unless(heard.SequenceEqual(Hear([input.Octets]), StringComparer.Ordinal), "other replies in other parts", string.Join('|', heard));
        FuzzException.Unless(heard.SkipLast(1).All(reply => reply[0] is >= '2' and <= '5' && reply.Split('\n').Length <= Limits.MaxReplyLines), "a reply that is none", string.Join('|', heard));
        FuzzException.Unless(heard.All(reply => reply.All(c => c == '\n' || !char.IsControl(c))), "a control character", string.Join('|', heard));
    }

    /// <summary>All replies up to what is none, or the end.</summary>
    private static List<string> Hear(IEnumerable<byte[]> parts)
    {
        var pipe = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false));
        var dialogue = new Dialogue(new PipeTransport(pipe.Reader, PipeWriter.Create(Stream.Null), null, null, null), Limits, TimeProvider.System);
        var heard = new List<string>();
        var reading = HearAsync(dialogue, heard);
        foreach (var part in parts)
            pipe.Writer.WriteAsync(part).AsTask().GetAwaiter().GetResult();
        pipe.Writer.Complete();
        FuzzException.Unless(reading.Wait(TimeSpan.FromSeconds(10)), "a dialogue that does not end", string.Join('|', heard));
        return heard;
    }

    private static async Task HearAsync(Dialogue dialogue, List<string> heard)
    {
        await using var owned = dialogue;
        try
        {
            while (true)
            {
                var reply = await dialogue.ReadReplyAsync(TimeSpan.FromMinutes(5), CancellationToken.None).ConfigureAwait(false);
                heard.Add(string.Join('\n', reply.Lines.Select(line => string.Create(CultureInfo.InvariantCulture, $"{reply.Code} {line}"))));
            }
        }
        catch (DialogueBrokenException e)
        {
            heard.Add(e.Message);
        }
    }
}
