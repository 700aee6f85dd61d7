# Measurement error from paired repeat visits, with base R only (stats 4.2.2).
# Run: Rscript make_expected.R   (writes pairs.csv and expected.csv beside itself)
# The pairs are synthetic: true thickness and two visits with measurement error.
options(digits = 15)
set.seed(20240301)
make_set <- function(name, n, sem_mm, sem_fraction, shift) {
  truth <- round(runif(n, 0.8, 3.2), 3)
  sem <- pmax(sem_mm, sem_fraction * truth)
  data.frame(set = name, patient_id = sprintf("S%02d", seq_len(n)),
             first_mm = round(truth + rnorm(n, 0, sem), 2),
             second_mm = round(truth + shift + rnorm(n, 0, sem), 2))
}
pairs <- rbind(make_set("even", 24, 0.09, 0, 0), make_set("growing", 30, 0.02, 0.08, 0),
               make_set("shifted", 12, 0.05, 0, 0.15), make_set("few", 4, 0.08, 0, 0))
summarise <- function(d) {
  n <- nrow(d); k <- 2
  difference <- d$second_mm - d$first_mm; mean_mm <- (d$first_mm + d$second_mm) / 2
  test <- t.test(d$second_mm, d$first_mm, paired = TRUE)
  s <- sd(difference); z <- qnorm(0.975)
  half <- qt(0.975, n - 1) * s * sqrt(1 / n + z^2 / (2 * (n - 1)))
  # Variance of differences by chi-square; SEM is SD / sqrt(2).
  sem_limits <- sqrt((n - 1) * s^2 / qchisq(c(0.975, 0.025), n - 1)) / sqrt(2)
  line <- lm(abs(difference) ~ mean_mm)
  long <- data.frame(y = c(d$first_mm, d$second_mm), subject = factor(rep(d$patient_id, 2)),
                     visit = factor(rep(1:2, each = n)))
  ms <- anova(lm(y ~ subject + visit, data = long))[["Mean Sq"]]
  msr <- ms[1]; msc <- ms[2]; mse <- ms[3]
  icc <- (msr - mse) / (msr + (k - 1) * mse + k * (msc - mse) / n)
  a <- k * icc / (n * (1 - icc)); b <- 1 + k * icc * (n - 1) / (n * (1 - icc))
  v <- (a * msc + b * mse)^2 / ((a * msc)^2 / (k - 1) + (b * mse)^2 / ((n - 1) * (k - 1)))
  fl <- qf(0.975, n - 1, v); fu <- qf(0.975, v, n - 1)
  icc_low <- n * (msr - fl * mse) / (fl * (k * msc + (k * n - k - n) * mse) + n * msr)
  icc_high <- n * (fu * msr - mse) / (k * msc + (k * n - k - n) * mse + n * fu * msr)
  values <- list(
    bias_mm = c(mean(difference), test$conf.int), sd_of_differences_mm = c(s, NA, NA),
    lower_limit_mm = mean(difference) - z * s + c(0, -half, half),
    upper_limit_mm = mean(difference) + z * s + c(0, -half, half),
    sem_mm = c(s / sqrt(2), sem_limits),
    sem_fraction = c(sqrt(mean(difference^2 / (2 * mean_mm^2))), NA, NA),
    icc = c(icc, icc_low, icc_high), growth = c(coef(line)[[2]], confint(line)[2, ]))
  do.call(rbind, lapply(names(values), function(v) {
    data.frame(set = d$set[1], quantity = v, value = values[[v]][1],
               low = values[[v]][2], high = values[[v]][3])
  }))
}
expected <- do.call(rbind, lapply(split(pairs, pairs$set), summarise))
write.csv(pairs, "pairs.csv", row.names = FALSE, quote = FALSE)
write.csv(expected, "expected.csv", row.names = FALSE, quote = FALSE, na = "")
