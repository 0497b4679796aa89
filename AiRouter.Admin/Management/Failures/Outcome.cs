namespace AiRouter.Admin.Management.Failures;

/// <summary>What came of an operation: a value, or why not.</summary>
/// <typeparam name="T">The value's type.</typeparam>
internal readonly record struct Outcome<T>(T? Value, ManagementFailure? Failure)
    where T : class
{
    /// <summary>It worked.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>It did not.</summary>
    public static implicit operator Outcome<T>(ManagementFailure failure) => new(null, failure);

    /// <summary>The answer for a value, or the failure's.</summary>
    public IResult Answer(Func<T, IResult> answer) => Failure is null ? answer(Value!) : FailureAnswers.Result(Failure);
}
