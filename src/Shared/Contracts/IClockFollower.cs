namespace MailSuite.Shared.Contracts;

/// <summary>Somebody who waits for instants, and looks again when the clock was moved. A module gives one for each thing of its that waits.</summary>
public interface IClockFollower
{
    /// <param name="isBack">Whether the clock went back: instants that were reckoned before may be further away than any wait is.</param>
    ValueTask MovedAsync(bool isBack, CancellationToken cancellationToken);
}
