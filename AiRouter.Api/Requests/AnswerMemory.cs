namespace AiRouter.Api.Requests;

/// <summary>The memory that answers are held in as a whole, where no request tells how much there is (R31).</summary>
/// <param name="budget">What all of it comes out of.</param>
/// <param name="most">The limit of the budget, as it is configured now.</param>
internal sealed class AnswerMemory(BodyBudget budget, Func<long> most)
{
    /// <summary>The limit of the budget.</summary>
    public long Most => most();

    /// <summary>Room for an answer; nothing is taken yet.</summary>
    public PooledBytes Begin() => new(budget);
}
