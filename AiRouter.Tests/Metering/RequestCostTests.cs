using AiRouter.Core.Configuration;
using AiRouter.Core.Metering;

namespace AiRouter.Tests.Metering;

public sealed class RequestCostTests
{
    private static readonly PriceConfig Price = new() { Input = 0.5m, CachedInput = 0.125m, Output = 1.5m };

    [Theory]
    [InlineData(1_000_000, 0, 0, 500_000_000)]
    [InlineData(1_000_000, 1_000_000, 0, 125_000_000)]
    [InlineData(1_000_000, 400_000, 100_000, 500_000_000)]
    [InlineData(3, 1, 2, 4_125)]
    [InlineData(0, 0, 0, 0)]
    public void Cost_is_each_kind_of_token_at_its_price(long input, long cached, long output, long nanoUsd) =>
        Assert.Equal(nanoUsd, RequestCost.NanoUsd(Price, input, cached, output, TimeSpan.Zero));

    [Fact]
    public void Cached_input_without_a_price_of_its_own_costs_as_any_input() => Assert.Equal(
        2_000, RequestCost.NanoUsd(new PriceConfig { Input = 1 }, 2, 1, 7, TimeSpan.FromHours(1)));

    [Fact]
    public void More_cached_than_input_counts_as_all_of_it() => Assert.Equal(
        125, RequestCost.NanoUsd(Price, 1, 5, 0, TimeSpan.Zero));

    [Fact]
    public void Cost_is_rounded_up() => Assert.Equal(
        1, RequestCost.NanoUsd(new PriceConfig { Input = 0.0000001m }, 1, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Request_and_gpu_time_cost_beside_tokens() => Assert.Equal(
        10_000_000 + 1_500_000_000,
        RequestCost.NanoUsd(new PriceConfig { PerRequest = 0.01m, PerGpuSecond = 3 }, 9, 0, 9, TimeSpan.FromMilliseconds(500)));

    [Fact]
    public void Model_without_price_costs_nothing_known() =>
        Assert.Equal(0, RequestCost.NanoUsd(null, 9, 0, 9, TimeSpan.FromHours(1)));

    [Fact]
    public void Cost_never_leaves_what_the_store_counts_exactly() => Assert.Equal(
        RequestCost.Most,
        RequestCost.NanoUsd(new PriceConfig { Input = 1_000_000, PerGpuSecond = 1_000_000 }, 1_000_000_000_000, 0, 0, TimeSpan.MaxValue));

    [Theory]
    [InlineData(0.1, 0.5)]
    [InlineData(0.5, 0.1)]
    public void Most_is_at_the_dearer_of_the_two_prices_for_input(double input, double cached) => Assert.Equal(
        500, RequestCost.MostNanoUsd(
            new PriceConfig { Input = (decimal)input, CachedInput = (decimal)cached }, 1, 0, TimeSpan.Zero));
}
