# Expected numbers for the statistics of groups of patients, by base R and nlme.
# Run: Rscript make_expected.R   (R 4.2.2, nlme 3.1; every value is synthetic)
library(nlme)
set.seed(20260101)
out <- list()
keep <- function(set, quantity, value) {
  out[[length(out) + 1]] <<- data.frame(set = set, quantity = quantity, value = value)
}

# Changes in mm to 0.001: no ties, no zeros, so that R takes its exact branch.
small <- list()
for (n in c(6, 9, 12, 14, 25, 40)) {
  change <- unique(round(rnorm(4 * n, -0.35, 0.4), 3))
  change <- change[change != 0 & !duplicated(abs(change))][1:n]
  name <- paste0("paired_", n)
  small[[name]] <- data.frame(set = name, group = "a", value = change)
  w <- wilcox.test(change, conf.int = TRUE, exact = TRUE)
  keep(name, "estimate", unname(w$estimate))
  keep(name, "low", w$conf.int[1]); keep(name, "high", w$conf.int[2])
  keep(name, "p_value", w$p.value)
}
for (mn in list(c(4, 4), c(5, 9), c(7, 7), c(12, 20))) {
  v <- unique(round(c(rnorm(200, -0.4, 0.3)), 3))[1:sum(mn)]
  first <- v[seq_len(mn[1])]
  second <- v[-seq_len(mn[1])] + 0.2505
  name <- paste0("groups_", mn[1], "_", mn[2])
  small[[name]] <- data.frame(set = name, group = rep(c("a", "b"), mn), value = c(first, second))
  w <- wilcox.test(second, first, conf.int = TRUE, exact = TRUE)
  keep(name, "estimate", unname(w$estimate))
  keep(name, "low", w$conf.int[1]); keep(name, "high", w$conf.int[2])
  keep(name, "p_value", w$p.value)
}
# Large groups: R's normal approximation of p with correction for ties and continuity.
tied <- round(rnorm(260, -0.05, 0.3), 1)
small$large_paired <- data.frame(set = "large_paired", group = "a", value = tied)
keep("large_paired", "p_value", wilcox.test(tied[tied != 0], exact = FALSE, correct = TRUE)$p.value)
first <- round(rnorm(80, -0.4, 0.3), 1); second <- round(rnorm(70, -0.3, 0.3), 1)
small$large_groups <- data.frame(
  set = "large_groups", group = rep(c("a", "b"), c(80, 70)), value = c(first, second))
keep("large_groups", "p_value", wilcox.test(second, first, exact = FALSE, correct = TRUE)$p.value)
p <- c(0.01, 0.04, 0.03, 0.2, 0.011)
for (k in seq_along(p)) keep("holm", paste0("p", k), p.adjust(p, "holm")[k])
x <- round(rnorm(14), 1); y <- round(0.6 * x + rnorm(14), 1)
small$spearman <- data.frame(set = "spearman", group = rep(c("a", "b"), each = 14), value = c(x, y))
keep("spearman", "rho", cor(x, y, method = "spearman"))

# Visit values: patients differ in level and change, sites within patients too.
visits <- function(set, n, sites, site_sd, site_slope) {
  rows <- list()
  for (i in seq_len(n)) {
    level <- rnorm(1, 2.3, 0.25); change <- rnorm(1, -0.5, 0.25)
    for (s in seq_along(sites)) {
      v0 <- rnorm(1, 0, site_sd); v1 <- rnorm(1, 0, site_slope)
      m <- c(3, 4) - (i %% 3 == 0)
      under <- rep(c(0, 1), m)
      value <- level - 0.4 * (s - 1) + v0 + (change + v1) * under + rnorm(sum(m), 0, 0.12)
      rows[[length(rows) + 1]] <- data.frame(set = set, patient_id = sprintf("P%02d", i),
        site = sites[s], under = under, value_mm = round(value, 3))
    }
  }
  do.call(rbind, rows)
}
sets <- rbind(visits("one_site", 14, "forearm", 0, 0),
              visits("two_sites", 20, c("forearm", "forehead"), 0.15, 0.15),
              visits("three_sites", 12, c("chest", "forearm", "forehead"), 0.2, 0.2))
exact <- lmeControl(msMaxIter = 1000, maxIter = 500, tolerance = 1e-12, msTol = 1e-12,
                    niterEM = 200)
for (name in unique(sets$set)) {
  d <- sets[sets$set == name, ]
  if (name == "one_site") {
    m <- lme(value_mm ~ under, random = list(patient_id = pdSymm(~under)), data = d,
             method = "REML", control = exact)
  } else {
    m <- lme(value_mm ~ under + site, method = "REML", control = exact, data = d,
             random = list(patient_id = pdSymm(~under), site = pdDiag(~under)))
    site <- as.matrix(m$modelStruct$reStruct$site) * m$sigma^2
    keep(name, "sd_site_mm", sqrt(site[1, 1])); keep(name, "sd_site_slope_mm", sqrt(site[2, 2]))
  }
  patient <- as.matrix(m$modelStruct$reStruct$patient_id) * m$sigma^2
  keep(name, "estimate_mm", fixef(m)[["under"]])
  keep(name, "se_mm", sqrt(vcov(m)["under", "under"]))
  keep(name, "sd_patient_mm", sqrt(patient[1, 1])); keep(name, "sd_slope_mm", sqrt(patient[2, 2]))
  keep(name, "correlation", patient[1, 2] / sqrt(patient[1, 1] * patient[2, 2]))
  keep(name, "sd_residual_mm", m$sigma)
}
write.csv(do.call(rbind, small), "values.csv", row.names = FALSE, quote = FALSE)
write.csv(sets, "visits.csv", row.names = FALSE, quote = FALSE)
expected <- do.call(rbind, out)
expected$value <- trimws(formatC(expected$value, digits = 12, format = "g"))
write.csv(expected, "expected.csv", row.names = FALSE, quote = FALSE)
