using System.Collections.Concurrent;
using System.Text;
using MailSuite.Shared.Contracts.Mta;
using MimeKit;

namespace MailSuite.Mua.Tests.Support;

/// <summary>Takes what is submitted and keeps it for a test to look at.</summary>
internal sealed class FakeSubmission : ISubmission
{
    private readonly ConcurrentQueue<(Submission Submission, byte[] Octets)> _taken = new();

    /// <summary>What is answered; accepted when it is null.</summary>
    internal SubmissionOutcome? Answer { get; set; }

    /// <summary>Submissions wait for it.</summary>
    internal Task Gate { get; set; } = Task.CompletedTask;

    internal IReadOnlyList<Submission> Taken => [.. _taken.Select(t => t.Submission)];

    internal string Text => Encoding.UTF8.GetString(_taken.Last().Octets);

    internal MimeMessage Message => MimeMessage.Load(new MemoryStream(_taken.Last().Octets));

    public async ValueTask<SubmissionOutcome> SubmitAsync(Submission submission, CancellationToken cancellationToken)
    {
        using var copy = new MemoryStream();
        await using (var stream = submission.Content.OpenRead())
            await stream.CopyToAsync(copy, cancellationToken);
        _taken.Enqueue((submission, copy.ToArray()));
        await Gate;
        return Answer ?? new SubmissionOutcome.Accepted("Q1");
    }
}
