namespace AiRouter.Api.Health;

/// <summary>One attempt, as <see cref="TargetHealth"/> knows it again at its end.</summary>
/// <param name="Epoch">When it began: what ends after the breaker has moved says nothing about how the target is now.</param>
/// <param name="IsTrial">It is the one that tries a target that was left alone.</param>
internal readonly record struct HealthTicket(int Epoch, bool IsTrial);
