/**
 * Common given names of people who live in France (after INSEE's fichier des prénoms), folded: lowercase, without accents. Meant to be believed only
 * before another capitalised word: Pierre and Claire are also words.
 */
export const givenNames: ReadonlySet<string> = new Set(
	`adrien agathe agnes ahmed aicha alain albert alexandra alexandre alexis alice aline amandine amelie amina anais andre andrea angelique anna anne
annie anthony antoine antonio arnaud arthur audrey aurelie aurore axel baptiste beatrice benjamin benoit bernadette bernard bertrand brigitte bruno
camille carine carole caroline catherine cecile cedric celine chantal charlene charles charlotte chloe christelle christian christiane christine
christophe claire clara claude claudine clement clemence colette corinne cyril damien daniel daniele david delphine denis denise didier dominique
dorothee edith elena eliane elisabeth elise elodie emilie emma emmanuel emmanuelle enzo eric erwan estelle etienne eva evelyne fabien fabienne fabrice
fanny fatima fatou fernand florence florent florian franck francis francois francoise frederic frederique gabriel gael gaelle genevieve georges gerald
gerard germaine ghislaine gilbert gilles ginette gregory guillaume guy gwenaelle hamid hassan helene henri herve hugo ibrahim ines isabelle jacqueline
jacques jean jeanne jeannine jeremy jerome joel joelle jonathan jose joseph josette josiane julia julie julien juliette karim karine kevin khadija laetitia
laura laure laurence laurent lea leila leo lionel lisa louis louise loic luc lucas lucie lucien lucienne ludovic lydie madeleine magali manon manuel
marc marcel marcelle margaux marguerite maria marie marina marine marion marlene martin martine maryse mathieu mathilde matthieu maud maurice maxime
mehdi melanie melissa michel michele micheline mickael mireille mohamed mohammed monique morgane muriel myriam nadege nadia nadine nathalie nathan
nicolas nicole nina noel noemie nora odette odile olivia olivier pascal pascale patrice patricia patrick paul paulette pauline philippe pierre pierrette
quentin rachid raphael raymond raymonde regine regis remi renaud rene renee robert robin roger roland romain ronan sabine sabrina said salim samia samir
samuel sandra sandrine sara sarah sebastien serge severine simon simone sofia solange solene sonia sophie stephane stephanie suzanne sylvain sylvie
tatiana theo therese thibault thierry thomas valerie vanessa veronique victor vincent virginie viviane xavier yann yannick yasmine yohan youssef yves
yvette yvonne zoe`.split(/\s+/)
);
