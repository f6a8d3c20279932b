namespace MailSuite.Shared.Contracts;

/// <summary>One thing that must work before traffic is welcome; each module names its own, the Host asks them for <c>/readyz</c>.</summary>
public interface IReadiness
{
    /// <summary>What it is, in a word: <c>mda store</c>.</summary>
    string Name { get; }

    /// <summary>What is wrong, in a sentence; <see langword="null"/> when all is well. Does not throw; takes less than a second.</summary>
    ValueTask<string?> CheckAsync(CancellationToken cancellationToken);
}
